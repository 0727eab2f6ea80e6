import type { BrowserPlexAuthOptions } from '../browser/browser-options.ts';
import { createPageAuth } from '../browser/create-page-auth.ts';
import { type CreateOwnEngine, createFromElement } from './create-from-element.ts';

/** Makes an engine that asks Plex. This file is loaded when it is needed: the engine is four times as large as the element. */
export const createOwnEngine: CreateOwnEngine = (element) =>
  createFromElement(element, (own) => createPageAuth(own as BrowserPlexAuthOptions));
