'use client';

/** A client component with every subpath that pages use. */
import * as adapters from 'plex-auth-flow/adapters';
import { plexAuthClient } from 'plex-auth-flow/better-auth/client';
import { createBrowserPlexAuth } from 'plex-auth-flow/browser';
import { PlexSignIn } from 'plex-auth-flow/element/react';
import { createPlexInspector } from 'plex-auth-flow/inspect';
import { pinAuthMachine } from 'plex-auth-flow/machine';
import { createPlexEmulator } from 'plex-auth-flow/testing';
import { useState } from 'react';

export function SignIn() {
  const [used] = useState([
    adapters,
    plexAuthClient,
    createBrowserPlexAuth,
    PlexSignIn,
    createPlexInspector,
    pinAuthMachine,
    createPlexEmulator,
  ]);
  return (
    <div onKeyDown={() => console.log(used)} role="none">
      <plex-sign-in product="My App" />
    </div>
  );
}
