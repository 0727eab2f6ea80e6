import { useSelector } from '@xstate/react';
import { Button, Text, View } from 'react-native';
import { createAppAuth, signIn } from './plex-auth.js';

const auth = createAppAuth();

export function App() {
  const isSignedIn = useSelector(auth.actor, (snapshot) => snapshot.matches('authenticated'));
  const isRequesting = useSelector(auth.actor, (snapshot) => snapshot.matches('requestingPin'));
  const code = useSelector(auth.actor, (snapshot) => snapshot.context.pin?.code);
  const error = useSelector(auth.actor, (snapshot) => snapshot.context.error?.message);
  return (
    <View>
      {code && <Text>{code}</Text>}
      {error && <Text accessibilityRole="alert">{error}</Text>}
      {isSignedIn ? (
        <Button title="Sign out" onPress={auth.signOut} />
      ) : (
        <Button title="Sign in with Plex" onPress={() => signIn(auth)} />
      )}
      {(isRequesting || code) && <Button title="Cancel" onPress={auth.cancel} />}
    </View>
  );
}
