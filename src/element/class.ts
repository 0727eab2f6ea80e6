export type { PlexSignInOptions } from './create-from-element.ts';
export { PlexSignIn } from './plex-sign-in.ts';
export type { BackendSignInEventMap, PlexSignInEventMap } from './plex-sign-in-events.ts';
export { type RenderPlexSignInOptions, renderPlexSignIn } from './render-plex-sign-in.ts';
export type { PlexSignInLook, PlexSignInMode } from './scene.ts';
export type { PlexSignInStrings } from './strings.ts';
