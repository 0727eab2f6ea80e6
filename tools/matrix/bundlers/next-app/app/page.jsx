/** A server component with every subpath that servers use. */
import { plexAuth } from 'plex-auth-flow/better-auth';
import { createPlexClient } from 'plex-auth-flow/client';
import { createPlexFleet } from 'plex-auth-flow/fleet';
import { createPlexInspector } from 'plex-auth-flow/inspect';
import { createFileStore } from 'plex-auth-flow/node';
import { createPlexAuthServer } from 'plex-auth-flow/server';
import { servePlexEmulator } from 'plex-auth-flow/testing';
import { SignIn } from './sign-in';

export const dynamic = 'force-dynamic';

const used = [
  plexAuth,
  createPlexClient,
  createPlexFleet,
  createPlexInspector,
  createFileStore,
  createPlexAuthServer,
  servePlexEmulator,
];

export default function Page() {
  return (
    <main>
      <p>{used.map(({ name }) => name).join()}</p>
      <SignIn />
    </main>
  );
}
