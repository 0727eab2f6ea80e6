import './define.ts';

export {
  type BackendSignInEventMap,
  PlexSignIn,
  type PlexSignInEventMap,
  type PlexSignInLook,
  type PlexSignInMode,
  type PlexSignInOptions,
  type PlexSignInStrings,
  type RenderPlexSignInOptions,
  renderPlexSignIn,
} from './class.ts';
