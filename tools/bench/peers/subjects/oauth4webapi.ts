/** With the loop of its own example of the device flow: the library itself sends single requests. */
import * as oauth from 'oauth4webapi';
import type { CreateSubject } from '../../subject.ts';

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export const createSubject: CreateSubject = ({ origin, follow }) => {
  const server: oauth.AuthorizationServer = {
    issuer: origin,
    device_authorization_endpoint: `${origin}/device/code`,
    token_endpoint: `${origin}/device/token`,
  };
  const client: oauth.Client = { client_id: 'bench' };
  const options = { [oauth.allowInsecureRequests]: true };

  async function signIn(): Promise<string> {
    const parameters = new URLSearchParams({ scope: 'openid' });
    const asked = await oauth.deviceAuthorizationRequest(server, client, oauth.None(), parameters, options);
    const authorization = await oauth.processDeviceAuthorizationResponse(server, client, asked);
    let { interval = 5 } = authorization;
    for (;;) {
      await wait(interval * 1000);
      const { device_code } = authorization;
      const response = await oauth.deviceCodeGrantRequest(server, client, oauth.None(), device_code, options);
      try {
        const tokens = await oauth.processDeviceCodeResponse(server, client, response);
        return tokens.access_token;
      } catch (error) {
        if (!(error instanceof oauth.ResponseBodyError)) throw error;
        if (error.error === 'slow_down') interval += 5;
        else if (error.error !== 'authorization_pending') throw error;
      }
    }
  }

  return { start: (clientIdentifier) => follow(clientIdentifier, signIn()) };
};
