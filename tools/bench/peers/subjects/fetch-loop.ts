/** What an application writes in half an hour: `fetch` in a loop. */
import type { CreateSubject } from '../../subject.ts';

interface Pin {
  id: number;
  expiresIn: number;
  authToken: string | null;
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export const createSubject: CreateSubject = ({ origin, intervalMs, follow }) => {
  async function readPin(path: string, method: string, clientIdentifier: string): Promise<Pin> {
    const headers = {
      Accept: 'application/json',
      'X-Plex-Client-Identifier': clientIdentifier,
      'X-Plex-Product': 'Bench',
    };
    const response = await fetch(`${origin}/api/v2${path}`, { method, headers });
    if (!response.ok) throw new Error(`plex.tv answered ${response.status}`);
    return (await response.json()) as Pin;
  }

  async function signIn(clientIdentifier: string): Promise<string> {
    const { id, expiresIn } = await readPin('/pins?strong=true', 'POST', clientIdentifier);
    const endMs = Date.now() + expiresIn * 1000;
    while (Date.now() < endMs) {
      await wait(intervalMs);
      const { authToken } = await readPin(`/pins/${id}`, 'GET', clientIdentifier);
      if (authToken) return authToken;
    }
    throw new Error('The PIN has expired');
  }

  return { start: (clientIdentifier) => follow(clientIdentifier, signIn(clientIdentifier)) };
};
