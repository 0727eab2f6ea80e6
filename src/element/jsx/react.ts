import type { ClassAttributes, HTMLAttributes } from 'react';
import { PlexSignIn } from '../define.ts';
import type { PlexSignInAttributes, PlexSignInProperties, WithListeners } from './attributes.ts';

export { PlexSignIn };

type Attributes = PlexSignInAttributes & ClassAttributes<PlexSignIn> & HTMLAttributes<PlexSignIn>;

/** React 18 sets attributes only: properties and listeners need a `ref` there. Its types know no `use`. */
type PlexSignInProps = typeof import('react') extends { use: unknown }
  ? Attributes & PlexSignInProperties & WithListeners<'on'>
  : Attributes;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'plex-sign-in': PlexSignInProps;
    }
  }
}
