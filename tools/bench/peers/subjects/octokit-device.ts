/** As its README uses it, at a GitHub of one's own. */
import { createOAuthDeviceAuth } from '@octokit/auth-oauth-device';
import { request } from '@octokit/request';
import type { CreateSubject } from '../../subject.ts';

export const createSubject: CreateSubject = ({ origin, follow }) => {
  async function signIn(): Promise<string> {
    const auth = createOAuthDeviceAuth({
      clientType: 'oauth-app',
      clientId: '1234567890abcdef1234',
      scopes: [],
      request: request.defaults({ baseUrl: origin }),
      onVerification() {},
    });
    const { token } = await auth({ type: 'oauth' });
    return token;
  }

  return { start: (clientIdentifier) => follow(clientIdentifier, signIn()) };
};
