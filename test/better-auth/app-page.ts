/** The page of an application on better-auth. */
import { createAuthClient } from 'better-auth/client';
import { type PlexSignInOptions, plexAuthClient } from 'plex-auth-flow/better-auth/client';

const client = createAuthClient({ plugins: [plexAuthClient()] });
const output = document.querySelector('output');
const write = (text: string) => {
  if (output) output.textContent = text;
};

async function show(): Promise<void> {
  const { data } = await client.getSession();
  write(data?.user.name ?? 'nobody');
}

function onClick(id: string, options: PlexSignInOptions): void {
  document.getElementById(id)?.addEventListener('click', async () => {
    const { error } = await client.signIn.plex(options);
    if (error) write(error.code ?? 'an error');
    else if (options.popup) await show();
  });
}

onClick('redirect', { callbackURL: '/?signed-in', errorCallbackURL: '/' });
onClick('popup', { popup: true });
const problem = new URLSearchParams(location.search).get('error');
if (problem) write(problem);
else void show();
