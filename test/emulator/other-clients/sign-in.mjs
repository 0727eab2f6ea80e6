/** Signs in with the client that the command line names, by that client's own code, and prints the token. */
import { createRequire } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';

const require = createRequire(import.meta.url);

/** Asks once a second, where a client leaves that to the application. */
async function pollForToken(getToken) {
  for (;;) {
    const token = await getToken();
    if (token) return token;
    await wait(1000);
  }
}

const clients = {
  async 'plex-oauth'() {
    const { PlexOauth } = require('plex-oauth');
    const details = {
      clientIdentifier: 'plex-oauth',
      product: 'App',
      device: 'Test',
      version: '1',
      platform: 'Web',
    };
    const client = new PlexOauth({ ...details, forwardUrl: '', urlencode: true });
    const [, pinID] = await client.requestHostedLoginURL();
    return client.checkForAuthToken(pinID, 1000, 20);
  },
  async '@ctrl/plex'() {
    const { MyPlexAccount } = await import('@ctrl/plex');
    const account = await MyPlexAccount.webLoginCheck(await MyPlexAccount.getWebLogin(), 20);
    return account.token;
  },
  async 'login-with-plex'() {
    const { PlexLogin } = require('login-with-plex');
    const client = new PlexLogin({
      appName: 'App',
      clientId: 'login-with-plex',
      forwardUrl: 'http://localhost/',
    });
    const credentials = await client.generateCredentials();
    return pollForToken(() => client.getAuthToken(credentials));
  },
  async '@lukehagar/plexjs'() {
    const { PlexAPI } = await import('@lukehagar/plexjs');
    const details = {
      clientID: 'plexjs',
      clientName: 'App',
      clientVersion: '1',
      platform: 'Web',
      deviceNickname: 'Test',
    };
    const { plex } = new PlexAPI(details);
    const { authPinContainer } = await plex.getPin({ ...details, strong: true });
    return pollForToken(async () => {
      const { id } = authPinContainer;
      const answer = await plex.getTokenByPinId({ pinID: id, clientID: details.clientID });
      return answer.authPinContainer.authToken;
    });
  },
};

console.log(await clients[process.argv[2]]());
process.exit();
