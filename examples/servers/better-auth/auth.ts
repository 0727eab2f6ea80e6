/** The server's end. The secret and the address are better-auth's own: BETTER_AUTH_SECRET and BETTER_AUTH_URL. */
import { betterAuth } from 'better-auth';
import { SqliteDialect } from 'kysely';
import Database from 'libsql';
import { plexAuth } from 'plex-auth-flow/better-auth';

const { MACHINE_IDENTIFIER: machineIdentifier = '', PLEX_URL: serverURL } = process.env;
const authAppURL = serverURL && `${serverURL}/auth`; // an emulator; without PLEX_URL it is plex.tv

export const auth = betterAuth({
  appName: 'Cinema',
  database: { dialect: new SqliteDialect({ database: new Database('cinema.db') }), type: 'sqlite' },
  plugins: [plexAuth({ access: { machineIdentifier }, serverURL, authAppURL })],
});
