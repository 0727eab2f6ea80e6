import type { BrowserPlexAuth } from 'plex-auth-flow/browser';
import { usePlexAuth } from './use-plex-auth.ts';

export function SignIn({ auth }: { auth: BrowserPlexAuth }) {
  const view = usePlexAuth(auth);
  const isRunning = view.status === 'requestingPin' || view.code !== undefined;
  // The end of the sign-in, or what the engine deals with itself.
  const error = view.status === 'failed' ? view.error : view.lastError;
  return (
    <section>
      <p role="status">{view.status}</p>
      {view.code && (
        <p>
          <code>{view.code}</code>
          <a href={view.authURL} target="_blank" rel="noreferrer">
            Approve in a new tab
          </a>
        </p>
      )}
      {error && <p role="alert">{error.message}</p>}
      {view.status === 'authenticated' ? (
        <p>
          Signed in{' '}
          <button type="button" onClick={auth.signOut}>
            Sign out
          </button>
        </p>
      ) : (
        <button type="button" onClick={auth.startInPopup}>
          Sign in with Plex
        </button>
      )}
      {isRunning && (
        <button type="button" onClick={auth.cancel}>
          Cancel
        </button>
      )}
    </section>
  );
}
