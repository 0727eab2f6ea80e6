import type { PlexEmulator } from '../../src/emulator/index.ts';
import { type Asked, askPlex, makePin, readToken } from './ask-plex.ts';

/** Asks with a token. `client` is who asks, `tv` unless it is given. */
export function askAs(
  emulator: PlexEmulator,
  token: string,
  call: string,
  { client = 'tv', ...init }: RequestInit & { client?: string } = {},
): Promise<Asked> {
  const headers = { 'X-Plex-Token': token, 'X-Plex-Client-Identifier': client };
  return askPlex(emulator, call, { ...init, headers });
}

/** Signs a person in on a client, and returns the token that the client reads. */
export async function signInAs(emulator: PlexEmulator, as?: string, client = 'tv'): Promise<string> {
  const headers = { 'X-Plex-Client-Identifier': client, 'X-Plex-Product': `App of ${client}` };
  const pin = await makePin(emulator, { headers });
  emulator.approve(pin.code, as === undefined ? {} : { as });
  if (client !== 'tv')
    return (await askPlex(emulator, `GET /api/v2/pins/${pin.id}`, { headers })).json.authToken ?? '';
  return (await readToken(emulator, pin)) ?? '';
}
