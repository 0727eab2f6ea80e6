/** What only a runtime with Node's own modules has. */
import { signIn } from 'plex-auth-flow';
import { servePlexEmulator } from 'plex-auth-flow/testing';
import { expectThat, type ProbeCheck } from './probe-check.ts';
import { importCheck } from './server-checks.ts';

export const nodeChecks: readonly ProbeCheck[] = [
  importCheck('plex-auth-flow/fleet', () => import('plex-auth-flow/fleet'), 'createPlexFleet'),
  importCheck('plex-auth-flow/bullmq', () => import('plex-auth-flow/bullmq'), 'createSharedPlexFleet'),
  importCheck('plex-auth-flow/better-auth', () => import('plex-auth-flow/better-auth'), 'plexAuth'),
  importCheck(
    'plex-auth-flow/better-auth/client',
    () => import('plex-auth-flow/better-auth/client'),
    'plexAuthClient',
  ),
  {
    subject: 'server',
    check: 'serves an emulator on a socket, and signs in there',
    async run() {
      const { url, emulator, close } = await servePlexEmulator();
      try {
        const onCode = ({ code }: { code: string }) => void emulator.link(code);
        const { token } = await signIn({ product: 'Probe', serverURL: url, onCode });
        expectThat(token.reveal() !== '', 'there is no token');
      } finally {
        await close();
      }
    },
  },
  {
    subject: 'server',
    check: 'signs in by the fleet',
    async run() {
      const { createPlexFleet } = await import('plex-auth-flow/fleet');
      const { url, emulator, close } = await servePlexEmulator();
      const fleet = createPlexFleet({ product: 'Probe', clientIdentifier: 'probe-fleet', serverURL: url });
      try {
        const { id, code } = await fleet.start();
        emulator.link(code);
        fleet.check(id);
        for await (const { view } of fleet.events) if (view.status === 'authenticated') break;
      } finally {
        await fleet.dispose();
        await close();
      }
    },
  },
];
