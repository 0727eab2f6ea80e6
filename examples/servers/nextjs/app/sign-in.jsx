'use client';
import 'plex-auth-flow/element';

// The link is there without JavaScript, and until the element is defined.
export const SignIn = () => (
  <plex-sign-in backend-url="/auth/plex" onauthenticated={() => location.reload()}>
    <a href="/auth/plex">Sign in with Plex</a>
  </plex-sign-in>
);
