/** As its documentation of `pollDeviceAuthorizationGrant` uses it. */
import * as client from 'openid-client';
import type { CreateSubject } from '../../subject.ts';

export const createSubject: CreateSubject = ({ origin, follow }) => {
  const config = new client.Configuration(
    {
      issuer: origin,
      device_authorization_endpoint: `${origin}/device/code`,
      token_endpoint: `${origin}/device/token`,
    },
    'bench',
    undefined,
    client.None(),
  );
  client.allowInsecureRequests(config);

  async function signIn(): Promise<string> {
    const authorization = await client.initiateDeviceAuthorization(config, { scope: 'openid' });
    const tokens = await client.pollDeviceAuthorizationGrant(config, authorization);
    return tokens.access_token;
  }

  return { start: (clientIdentifier) => follow(clientIdentifier, signIn()) };
};
