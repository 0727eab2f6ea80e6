import type { BackendPlexAuthOptions } from '../browser/backend-plex-auth.ts';
import { createBackendPlexAuth } from '../browser/create-backend-plex-auth.ts';
import { createBackendWire } from '../server/backend-wire.ts';
import { type CreateOwnEngine, createFromElement } from './create-from-element.ts';

/**
 * Makes an engine whose token stays on the application's server. This file is loaded in place of the other engine's, and with
 * all that it needs: one that is loaded later would break the other engine's code into more files.
 */
export const createOwnEngine: CreateOwnEngine = (element) =>
  createFromElement(element, (own) =>
    createBackendPlexAuth(own as BackendPlexAuthOptions, async () => ({ createBackendWire })),
  );
