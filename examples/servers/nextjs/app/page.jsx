import { cookies } from 'next/headers';
import { findUser } from './session.js';
import { SignIn } from './sign-in.jsx';

export default async function Page() {
  const user = await findUser((await cookies()).get('session')?.value);
  if (!user) return <SignIn />;
  return (
    <form method="post" action="/auth/plex/sign-out">
      Signed in as {user.payload.name} <button type="submit">Sign out</button>
    </form>
  );
}
