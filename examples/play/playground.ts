import 'plex-auth-flow/element';
import { createPlexInspector } from 'plex-auth-flow/inspect';
import { describePin } from './describe-pin.ts';
import { emulator } from './emulator.ts';
import type { EmulatorButton, EmulatorCommand, EmulatorState } from './emulator-controls.ts';
import { copyAsTest, playFirstBeat, replayChart } from './live-frame.ts';
import { createMishapOutcome, type MishapOutcome } from './mishap-outcome.ts';
import { mishaps } from './mishaps.ts';

const find = <Kind extends HTMLElement>(selector: string) => document.querySelector(selector) as Kind;
const findAll = <Kind extends HTMLElement>(selector: string) => document.querySelectorAll<Kind>(selector);
const tag = find<HTMLElementTagNameMap['plex-sign-in']>('plex-sign-in');

const frame = find<HTMLIFrameElement>('#live-view');
const inspector = createPlexInspector({ iframe: frame });
let sleptMs = 0;

tag.options = {
  ...emulator,
  inspect: inspector.inspect,
  fetch: inspector.fetch,
  // Like a machine that slept: its clock went on, its timers did not.
  clock: {
    now: () => Date.now() + sleptMs,
    setTimeout: (call, delayMs) => window.setTimeout(call, delayMs),
    clearTimeout: (timer) => window.clearTimeout(timer as number),
  },
};

/** The code that the element shows, whichever tab or visit it is from. */
function shownCode(): string | undefined {
  const view = tag.auth?.getSnapshot();
  return view?.code;
}

/** Writes only a changed text: a screen reader would repeat a status that is written again. */
function write(selector: string, text: string): void {
  const node = find(selector);
  if (node.textContent !== text) node.textContent = text;
}

/** Sends a command to the emulator, if there is one, and shows the emulator's state. */
async function ask(button?: EmulatorButton): Promise<void> {
  const command: EmulatorCommand | undefined = button && { ...button, code: shownCode() };
  const init = command && { method: 'POST', body: JSON.stringify(command) };
  const response = await fetch('emulator', init);
  const { refusal: why = '', ...state } = (await response.json()) as EmulatorState & { refusal?: string };
  if (button) write('#refusal', why);
  show(state);
}

function show({ pins, faults, latencyMs, offsetMs, sleptMs: slept }: EmulatorState): void {
  const shown = pins.find(({ code }) => code === shownCode());
  const isWaiting = shown?.state === 'waiting';
  for (const button of findAll<HTMLButtonElement>('.needs-waiting')) button.disabled = !isWaiting;
  for (const button of findAll<HTMLButtonElement>('.needs-code'))
    button.disabled = !isWaiting && shown?.state !== 'denied';
  const decision = shown ? describePin(shown).consequence : '';
  write('#decision', decision);
  write('#hint', decision || find('#refusal').textContent ? '' : hint());
  find('#pins').replaceChildren(
    ...pins.toReversed().map((pin) => {
      const item = document.createElement('li');
      if (pin === shown) item.ariaCurrent = 'true';
      const code = Object.assign(document.createElement('code'), { textContent: pin.code });
      item.append(code, ` ${describePin(pin).state}`);
      return item;
    }),
  );
  write('#faults', faults.length > 0 ? `Next: ${faults.join(', ')}` : 'No faults.');
  find<HTMLInputElement>('#latency').value = `${latencyMs}`;
  write('#latency-text', latencyMs === 0 ? 'at once' : `${latencyMs / 1000} s`);
  find<HTMLSelectElement>('#offset').value = `${offsetMs}`;
  if (slept === sleptMs) return;
  sleptMs = slept;
  // The event that a page receives when the lid opens.
  dispatchEvent(new Event('focus'));
}

document.addEventListener('click', ({ target }) => {
  const { command, mishap } = (target as HTMLElement).dataset;
  if (!command) return;
  if (mishap) beginMishap(Number(mishap));
  void ask(JSON.parse(command) as EmulatorButton);
});
find<HTMLInputElement>('#latency').addEventListener('change', ({ target }) => {
  void ask({ do: 'latency', ms: Number((target as HTMLInputElement).value) });
});
find<HTMLSelectElement>('#offset').addEventListener('change', ({ target }) => {
  void ask({ do: 'offset', ms: Number((target as HTMLSelectElement).value) });
});
for (const mode of findAll<HTMLInputElement>('input[name=mode]')) {
  mode.addEventListener('change', () => {
    tag.auth?.cancel();
    tag.setAttribute('mode', mode.value);
  });
}

let outcome: MishapOutcome | undefined;

/** Says what other clients do, and what happens here. */
function beginMishap(index: number): void {
  const mishap = mishaps[index];
  const view = tag.auth?.getSnapshot();
  if (!mishap || !view) return;
  outcome = createMishapOutcome(view);
  write('#mishap', mishap.title);
  write('#others', mishap.others);
  write('#here', mishap.here);
  write('#measured', '');
  for (const line of findAll('#outcome [hidden]')) line.hidden = false;
  find<HTMLButtonElement>('#copy-test').disabled = false;
}

/** What a newcomer can do next. */
function hint(): string {
  const { status } = tag.auth?.getSnapshot() ?? {};
  if (shownCode()) return 'You are the user: approve the code that the element shows.';
  if (!status) return 'A sign-in starts by itself. You are its user.';
  if (status === 'requestingPin') return 'Plex is asked for a code.';
  if (status === 'authenticated') return 'Signed in. The chart shows the way once more.';
  return 'Start a sign-in in the element. You are its user.';
}

/** Follows the sign-in, from the first engine of the element on. */
async function follow(): Promise<void> {
  const auth = await playFirstBeat(tag);
  let before = auth.getSnapshot().status;
  let lastCode: string | undefined;
  const followCode = () => {
    if (shownCode() === lastCode) return;
    lastCode = shownCode();
    write('#hint', hint());
    // The buttons wait for what the emulator knows of the code.
    void ask().catch(() => {});
  };
  // A visit before this one may have left a code.
  followCode();
  auth.subscribe(() => {
    const view = auth.getSnapshot();
    followCode();
    outcome?.note(view, performance.now());
    if (outcome) write('#measured', outcome.text);
    if (view.status === 'authenticated' && before !== 'authenticated') replayChart(frame);
    before = view.status;
  });
}

find('#copy-test').addEventListener('click', async ({ currentTarget }) => {
  const button = currentTarget as HTMLButtonElement;
  const isCopied = await copyAsTest(frame);
  button.textContent = isCopied ? 'Copied' : 'Not allowed here';
  setTimeout(() => (button.textContent = 'Copy as a test'), 2000);
});
void follow();

// Shows what happens elsewhere, such as an approval in another window.
setInterval(() => {
  if (!document.hidden) void ask().catch(() => {});
}, 1000);
void ask();
