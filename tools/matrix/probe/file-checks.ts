/** What a runtime with Node's files has. A bundle of these is without what only servers install. */
import { PlexAuthError } from 'plex-auth-flow';
import { createFileStore, toTerminalQR } from 'plex-auth-flow/node';
import { expectEqual, expectThat, type ProbeCheck } from './probe-check.ts';
import { importCheck } from './server-checks.ts';

const subject = 'files and terminal';

export const fileChecks: readonly ProbeCheck[] = [
  importCheck('plex-auth-flow/node', () => import('plex-auth-flow/node'), 'createFileStore'),
  {
    subject,
    check: 'keeps keys in a file, and removes the file with the last of them',
    async run({ folder }) {
      const path = `${folder}/store-${Math.random()}.json`;
      const [one, other] = [createFileStore(path), createFileStore(path)];
      const keys = Array.from({ length: 12 }, (_, index) => `key-${index}`);
      await Promise.all(keys.map((key, index) => (index % 2 ? one : other).setItem(key, `value of ${key}`)));
      for (const key of keys) expectEqual(await one.getItem(key), `value of ${key}`);
      await other.changeItem?.('key-0', (stored) => `${stored}, changed`);
      expectEqual(await one.getItem('key-0'), 'value of key-0, changed');
      for (const key of keys) await one.removeItem(key);
      expectEqual(await other.getItem('key-1'), null);
    },
  },
  {
    subject,
    check: 'draws a QR code for a terminal',
    run() {
      expectThat(String(toTerminalQR('https://plex.tv/link', { hasColor: false })).includes('█'), 'no block');
    },
  },
  {
    subject,
    check: 'throws the one class of errors from every subpath',
    async run() {
      const { PlexAuthError: ofClient } = await import('plex-auth-flow/client');
      expectThat(ofClient === PlexAuthError, 'the classes differ');
    },
  },
];
