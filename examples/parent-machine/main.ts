import { createAuthURL } from 'plex-auth-flow/client';
import { createActor } from 'xstate';
import { appMachine, identity } from './app-machine.ts';

const app = createActor(appMachine);
const find = (selector: string) => document.querySelector(selector) as HTMLElement;

/** Reads both machines: the application's state, and the code of the sign-in inside it. */
function show(): void {
  const snapshot = app.getSnapshot();
  const { pin, error } = snapshot.children['plex']?.getSnapshot().context ?? {};
  find('[role=status]').textContent = JSON.stringify(snapshot.value);
  find('#waiting').hidden = !pin;
  find('code').textContent = pin?.code ?? '';
  if (pin) find('a').setAttribute('href', createAuthURL({ ...identity, code: pin.code }));
  find('[role=alert]').hidden = !error;
  find('[role=alert]').textContent = error?.message ?? '';
  find('#enter').hidden = !(snapshot.matches('welcome') || error);
  find('#leave').hidden = snapshot.matches('welcome');
}

app.subscribe(show);
app.start();
find('#enter').addEventListener('click', () => app.send({ type: 'ENTER' }));
find('#leave').addEventListener('click', () => app.send({ type: 'LEAVE' }));
