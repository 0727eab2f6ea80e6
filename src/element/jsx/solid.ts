import type { JSX } from 'solid-js';
import { PlexSignIn } from '../define.ts';
import type { PlexSignInAttributes, PlexSignInProperties, WithListeners } from './attributes.ts';

export { PlexSignIn };

type PlexSignInProps = PlexSignInAttributes &
  PlexSignInProperties &
  WithListeners<'on:'> &
  Omit<JSX.HTMLAttributes<PlexSignIn>, keyof PlexSignInAttributes>;

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements {
      'plex-sign-in': PlexSignInProps;
    }
  }
}
