import { createPlexAuthServer } from 'plex-auth-flow/server';
import { sign } from './session.js';

const { SECRET = '', MACHINE_IDENTIFIER = '', PLEX_URL, BASE_URL = 'http://localhost:3000' } = process.env;
if (!MACHINE_IDENTIFIER) throw new Error('Set MACHINE_IDENTIFIER: your media server shows it at /identity');
const attributes = `Path=/; HttpOnly; SameSite=Lax${BASE_URL.startsWith('https:') ? '; Secure' : ''}`;

export const plex = createPlexAuthServer({
  product: 'Cinema',
  baseURL: BASE_URL,
  secret: SECRET,
  access: { machineIdentifier: MACHINE_IDENTIFIER },
  // For the emulator; without PLEX_URL it is plex.tv.
  ...(PLEX_URL && { serverURL: PLEX_URL, authAppURL: `${PLEX_URL}/auth`, linkURL: `${PLEX_URL}/link` }),
  onSignIn: async ({ user }) => ({ headers: { 'Set-Cookie': `session=${await sign(user)}; ${attributes}` } }),
  onSignOut: () => ({ headers: { 'Set-Cookie': `session=; Max-Age=0; ${attributes}` } }),
});
