import { expect, it } from 'vitest';
import { createPlexClient } from '../../src/plex/client.ts';
import { errorIn } from './answering-client.ts';

function errorOfDeno(name: string, resource: string): Error {
  const message = `Requires ${name} access to "${resource}", run again with the --allow-${name} flag`;
  return Object.assign(new Error(message), { name: 'NotCapable' });
}

function errorOfNode(message: string): Error {
  const cause = Object.assign(new Error(message), { code: 'ERR_ACCESS_DENIED', syscall: 'connect' });
  return new TypeError('fetch failed', { cause });
}

function errorOfNodeFile(): Error {
  const cause = Object.assign(new Error('Access to this API has been restricted'), {
    code: 'ERR_ACCESS_DENIED',
    permission: 'FileSystemRead',
  });
  return new TypeError('fetch failed', { cause });
}

/** What `fetch` throws where the program was started without a permission, and the flag that gives it. */
const denials: [string, unknown, string][] = [
  ['Deno', errorOfDeno('net', 'plex.tv:443'), '--allow-net'],
  ['Deno, with a fetch that reads the environment', errorOfDeno('env', 'HTTP_PROXY'), '--allow-env'],
  ['Node', errorOfNode('Access has been restricted. Use --allow-net to manage permissions.'), '--allow-net'],
  [
    'Deno, which names no flag',
    Object.assign(new Error('denied'), { name: 'NotCapable' }),
    'more permissions',
  ],
  ['Node, which denies a file', errorOfNodeFile(), 'more permissions'],
  ['Node, which looks up a host', errorOfNode('getaddrinfo ERR_ACCESS_DENIED plex.tv'), '--allow-net'],
];

/** Issue 15: it was tried again for 28 s, and then "Plex did not answer". */
it.each(denials)(
  'says which permission is missing in %s, and does not try again',
  async (_, thrown, flag) => {
    let asked = 0;
    const fetch = async () => {
      asked += 1;
      throw thrown;
    };
    const client = createPlexClient({ clientIdentifier: 'tv', fetch });
    expect(await errorIn(client.getPin())).toMatchObject({
      code: 'PLEX_UNEXPECTED',
      message: `Plex did not answer: start this program with ${flag}`,
      retryable: false,
    });
    expect(asked).toBe(1);
  },
);
