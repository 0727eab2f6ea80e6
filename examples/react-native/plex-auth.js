/** The engine for React Native: kept in AsyncStorage, with the consent page in the phone's browser. */
import 'react-native-get-random-values'; // first: React Native has no `crypto`, and the client identifier needs one
import AsyncStorage from '@react-native-async-storage/async-storage';
import { createPlexAuth } from 'plex-auth-flow';
import { AppState, Linking } from 'react-native';

/** The app creates it once. AsyncStorage is not encrypted: give `credentials` a store of the keychain to stay signed in. */
export function createAppAuth(options) {
  const auth = createPlexAuth({ product: 'My App', store: AsyncStorage, ...options });
  // The user comes back from the browser: a good moment to ask.
  AppState.addEventListener('change', (state) => state === 'active' && auth.check());
  return auth;
}

/** Starts, and opens the consent page as soon as there is a code. */
export function signIn(auth) {
  const unsubscribe = auth.subscribe((view) => {
    // While a store does not answer, the sign-in is still idle.
    if (view.status === 'requestingPin' || (view.status === 'idle' && !view.reason)) return;
    unsubscribe();
    if (view.authURL) Linking.openURL(view.authURL);
  });
  auth.start();
}
