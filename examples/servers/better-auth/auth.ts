/** The server's end. The secret and the address are better-auth's own: BETTER_AUTH_SECRET and BETTER_AUTH_URL. */
import { betterAuth } from 'better-auth';
import { SqliteDialect } from 'kysely';
import Database from 'libsql';
import { plexAuth } from 'plex-auth-flow/better-auth';

const { MACHINE_IDENTIFIER: machineIdentifier = '', PLEX_URL: serverURL } = process.env;
if (!machineIdentifier) throw new Error('Set MACHINE_IDENTIFIER: your media server shows it at /identity');

export const auth = betterAuth({
  appName: 'Cinema',
  database: { dialect: new SqliteDialect({ database: new Database('cinema.db') }), type: 'sqlite' },
  // PLEX_URL is an emulator; without it, it is plex.tv.
  plugins: [plexAuth({ access: { machineIdentifier }, serverURL, authAppURL: serverURL?.concat('/auth') })],
});
