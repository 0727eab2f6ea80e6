/** Signs in with the example, on what React Native itself has of the Web: its fetch, its URL and its AbortController. */
import { AbortController, AbortSignal } from 'abort-controller/dist/abort-controller';
import { createPlexClient } from 'plex-auth-flow/client';
import { URL, URLSearchParams } from 'react-native/Libraries/Blob/URL';
import { createAppAuth, signIn } from './example/plex-auth.js';
import 'whatwg-fetch';

Object.assign(globalThis, { AbortController, AbortSignal, URL, URLSearchParams });

const { serverURL } = globalThis.host;
const auth = createAppAuth({ serverURL });
auth.subscribe((view) => {
  if (view.status === 'failed') globalThis.host.end(view.error.message);
  if (view.status !== 'authenticated') return;
  const { token } = view;
  const client = createPlexClient({
    product: 'My App',
    clientIdentifier: view.clientIdentifier ?? 'phone',
    serverURL,
  });
  client.getUser({ token }).then(
    ({ status }) => globalThis.host.end(`signed in: ${status}`),
    (error) => globalThis.host.end(error.message),
  );
});
signIn(auth);
