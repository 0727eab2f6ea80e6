import type { JSX } from 'preact';
import { PlexSignIn } from '../define.ts';
import type { PlexSignInAttributes, PlexSignInProperties, WithListeners } from './attributes.ts';

export { PlexSignIn };

type PlexSignInProps = PlexSignInAttributes &
  PlexSignInProperties &
  WithListeners<'on'> &
  Omit<JSX.IntrinsicElements['div'], keyof PlexSignInAttributes | 'ref'> & {
    ref?: import('preact').Ref<PlexSignIn> | undefined;
  };

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'plex-sign-in': PlexSignInProps;
    }
  }
}
