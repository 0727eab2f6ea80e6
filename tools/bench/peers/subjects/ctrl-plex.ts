/**
 * As its docstrings use it. Its address of plex.tv and its interval of 3 s are fixed: the global `fetch`, which it calls,
 * sends to the bench what is meant for plex.tv. All flows of a process share one client identifier.
 */
import { MyPlexAccount } from '@ctrl/plex';
import type { CreateSubject } from '../../subject.ts';

export const createSubject: CreateSubject = ({ origin, follow }) => {
  const networkFetch = globalThis.fetch;
  globalThis.fetch = (input, init) =>
    networkFetch(typeof input === 'string' ? input.replace('https://plex.tv', origin) : input, init);

  async function signIn(): Promise<string> {
    const webLogin = await MyPlexAccount.getWebLogin();
    const account = await MyPlexAccount.webLoginCheck(webLogin, 1800);
    return account.token ?? '';
  }

  return { start: (clientIdentifier) => follow(clientIdentifier, signIn()) };
};
