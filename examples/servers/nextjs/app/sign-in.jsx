'use client';
import 'plex-auth-flow/element';

// By a ref: React 19 leaves `onauthenticated` out where the server has rendered the tag (react/react#35446).
const listen = (tag) => tag?.addEventListener('authenticated', () => location.reload());
// The link is there without JavaScript, and until the element is defined.
export const SignIn = () => (
  <plex-sign-in backend-url="/auth/plex" ref={listen}>
    <a href="/auth/plex">Sign in with Plex</a>
  </plex-sign-in>
);
