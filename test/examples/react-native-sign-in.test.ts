/** What the React Native example does, with a phone whose store is out of order. */
import { expect, it, vi } from 'vitest';
import type { PlexAuth } from '../../src/index.ts';
import { createVirtualTime, drivePlexAuth } from '../../src/testing/index.ts';

const opened: string[] = [];

vi.mock('react-native', () => ({
  AppState: { addEventListener: () => {} },
  Linking: { openURL: (url: string) => opened.push(url) },
}));
vi.mock('react-native-get-random-values', () => ({}));
vi.mock('@react-native-async-storage/async-storage', () => ({ default: undefined }));

it('opens the consent page where the store fails first, and once', async () => {
  // @ts-expect-error The example has no types.
  const { signIn } = await import('../../examples/react-native/plex-auth.js');
  const time = createVirtualTime();
  const fail = () =>
    new Promise<never>((_, reject) => time.clock.setTimeout(() => reject(new Error('no disk')), 200));
  const drive = await drivePlexAuth({
    time,
    start: false,
    mount: (auth: PlexAuth) => void signIn(auth),
    options: { store: { getItem: fail, setItem: fail, removeItem: fail } },
    script: [{ atMs: 5000, user: 'approve' }],
  });
  expect([drive.view.status, opened.length]).toEqual(['authenticated', 1]);
});
