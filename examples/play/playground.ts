import type { PlexAuth } from 'plex-auth-flow';
import 'plex-auth-flow/element';
import { createPlexInspector } from 'plex-auth-flow/inspect';
import { describePin } from './describe-pin.ts';
import { emulator } from './emulator.ts';
import type { EmulatorButton, EmulatorCommand, EmulatorState } from './emulator-controls.ts';
import { copyAsTest, playFirstBeat, replayChart, wantsNoMotion } from './live-frame.ts';
import { createMishapQueue } from './mishap-queue.ts';
import type { Mishap } from './mishaps.ts';

const find = <Kind extends HTMLElement>(selector: string) => document.querySelector(selector) as Kind;
const findAll = <Kind extends HTMLElement>(selector: string) => document.querySelectorAll<Kind>(selector);
const tag = find<HTMLElementTagNameMap['plex-sign-in']>('plex-sign-in');

const frame = find<HTMLIFrameElement>('#live-view');
const inspector = createPlexInspector({ iframe: frame });
const mishapQueue = createMishapQueue(beginMishap);
let sleptMs = 0;
/** Ends once the clocks of Plex and of this page have passed a sleep, one after the other. */
let asleep: Promise<unknown> = Promise.resolve();

tag.options = {
  ...emulator,
  inspect(event) {
    inspector.inspect(event);
    // The element has its engine once this call and those around it have returned.
    queueMicrotask(followEngine);
  },
  async fetch(...request) {
    // Who sleeps asks nothing. An answer between the two clocks would be of a code that ended too early.
    await asleep;
    return inspector.fetch(...request);
  },
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

/** A button that is off keeps the focus, which `disabled` would take away from who presses it by the keyboard. */
function switchOff(button: HTMLElement, isOff: boolean): void {
  button.setAttribute('aria-disabled', `${isOff}`);
}

function isOff(button: HTMLElement): boolean {
  return button.getAttribute('aria-disabled') === 'true';
}

/** Says what was decided about the code, or else what can be done next. One takes the other's place. */
function writeNote(decision: string): void {
  write('#decision', decision);
  write('#hint', decision || find('#refusal').textContent ? '' : hintNow());
}

/** How many commands are on their way. */
let commandsOut = 0;
let lastAsked = 0;
/** What was asked up to here is out of date. */
let lastShown = 0;

const noAnswer = 'The playground’s server does not answer. Does it still run?';

/**
 * Sends a command to the emulator, and shows the emulator's state.
 *
 * @returns Whether the emulator did it. If not, the page says why.
 */
async function command(button: EmulatorButton): Promise<boolean> {
  if (button.do !== 'sleep') return send(button);
  while (tag.auth?.getSnapshot().status === 'fetchingToken')
    await new Promise((resolve) => setTimeout(resolve, 20));
  const sent = send(button);
  asleep = sent;
  return sent;
}

async function send(button: EmulatorButton): Promise<boolean> {
  commandsOut += 1;
  for (const node of findAll<HTMLButtonElement>('.decide button')) switchOff(node, true);
  const body = JSON.stringify({ ...button, code: shownCode() } satisfies EmulatorCommand);
  const answer = await exchange({ method: 'POST', body }).finally(() => (commandsOut -= 1));
  if (!answer) return false;
  const { refusal = '', ...state } = answer;
  write('#refusal', refusal);
  lastShown = lastAsked;
  show(state);
  return refusal === '';
}

/** Shows the emulator's state, unless a command changes it meanwhile. */
async function look(): Promise<void> {
  const number = ++lastAsked;
  const state = await exchange();
  if (!state || commandsOut > 0 || number <= lastShown) return;
  if (find('#refusal').textContent === noAnswer) write('#refusal', '');
  lastShown = number;
  show(state);
}

/** @returns The emulator's state; undefined if its server does not answer, which the page says. */
async function exchange(init?: RequestInit): Promise<(EmulatorState & { refusal?: string }) | undefined> {
  try {
    return await (await fetch('emulator', init)).json();
  } catch {
    write('#refusal', noAnswer);
    writeNote('');
    return undefined;
  }
}

function show({ pins, faults, latencyMs, offsetMs, sleptMs: slept }: EmulatorState): void {
  const shown = pins.find(({ code }) => code === shownCode());
  const isWaiting = shown?.state === 'waiting';
  // What a command does to the code is not known before its answer.
  const canDecide = isWaiting && commandsOut === 0;
  for (const button of findAll<HTMLButtonElement>('.needs-waiting'))
    switchOff(button, !(button.dataset['mishap'] ? isWaiting : canDecide));
  for (const button of findAll<HTMLButtonElement>('.needs-code'))
    switchOff(button, commandsOut > 0 || (!isWaiting && shown?.state !== 'denied'));
  const decision = shown ? describePin(shown).consequence : '';
  writeNote(decision);
  find('#pins').replaceChildren(
    ...pins.toReversed().map((pin) => {
      const item = document.createElement('li');
      if (pin === shown) item.ariaCurrent = 'true';
      const code = Object.assign(document.createElement('code'), { textContent: pin.code });
      item.append(code, ` ${describePin(pin).state}`);
      return item;
    }),
  );
  const next = faults.length > 0 && `Next: ${faults.join(', ')}.`;
  const then = mishapQueue.waiting > 0 && `Still to come: ${mishapQueue.waiting} of the above.`;
  write('#faults', [next, then].filter(Boolean).join(' ') || 'No faults.');
  find<HTMLInputElement>('#latency').value = `${latencyMs}`;
  write('#latency-text', latencyMs === 0 ? 'at once' : `${latencyMs / 1000} s`);
  find<HTMLSelectElement>('#offset').value = `${offsetMs}`;
  if (slept === sleptMs) return;
  sleptMs = slept;
  // The event that a page receives when the lid opens.
  dispatchEvent(new Event('focus'));
}

document.addEventListener('click', ({ target }) => {
  const { command: text, mishap } = (target as HTMLElement).dataset;
  if (!text || isOff(target as HTMLElement)) return;
  const button = JSON.parse(text) as EmulatorButton;
  const view = tag.auth?.getSnapshot();
  if (button.do === 'reset') mishapQueue.clear();
  if (!mishap) void command(button);
  else if (view) mishapQueue.press(Number(mishap), view);
});
find<HTMLInputElement>('#latency').addEventListener('change', ({ target }) => {
  void command({ do: 'latency', ms: Number((target as HTMLInputElement).value) });
});
find<HTMLSelectElement>('#offset').addEventListener('change', ({ target }) => {
  void command({ do: 'offset', ms: Number((target as HTMLSelectElement).value) });
});
for (const mode of findAll<HTMLInputElement>('input[name=mode]')) {
  mode.addEventListener('change', () => {
    tag.auth?.cancel();
    tag.setAttribute('mode', mode.value);
  });
}

/** Says what other clients do, and what happens here. */
async function beginMishap({ title, others, here, command: disturbance }: Mishap): Promise<void> {
  write('#mishap', title);
  write('#others', others);
  write('#here', here);
  write('#measured', '');
  for (const line of findAll('#outcome [hidden]')) line.hidden = false;
  switchOff(find('#copy-test'), false);
  if (!(await command(disturbance))) mishapQueue.clear();
}

/** What a newcomer can do next. */
function hintNow(): string {
  const { status, code } = tag.auth?.getSnapshot() ?? {};
  if (code) return 'You are the user: approve the code that the element shows.';
  if (!status) return 'A sign-in starts by itself. You are its user.';
  if (status === 'requestingPin') return 'Plex is asked for a code.';
  if (status === 'authenticated' && wantsNoMotion())
    return 'Signed in. Press Replay to see the way once more.';
  if (status === 'authenticated') return 'Signed in. The chart shows the way once more.';
  return 'Start a sign-in in the element. You are its user.';
}

let followed: PlexAuth | undefined;
let unfollow = (): void => {};
let lastCode: string | undefined;

/** Follows the sign-in of the element's engine. The element makes another engine for another mode. */
function followEngine(): void {
  const { auth } = tag;
  if (!auth || auth === followed) return;
  unfollow();
  followed = auth;
  let before = auth.getSnapshot().status;
  // A visit before this one may have left a code.
  followCode();
  unfollow = auth.subscribe((view) => {
    followCode();
    mishapQueue.note(view, performance.now());
    write('#measured', mishapQueue.text);
    const isSignedIn = () => auth.getSnapshot().status === 'authenticated';
    if (isSignedIn() && before !== 'authenticated') void replayChart(frame, isSignedIn);
    before = view.status;
  });
}

function followCode(): void {
  if (shownCode() === lastCode) return;
  lastCode = shownCode();
  writeNote('');
  // The buttons wait for what the emulator knows of the code.
  void look();
}

find('#copy-test').addEventListener('click', async ({ currentTarget }) => {
  const button = currentTarget as HTMLButtonElement;
  if (isOff(button)) return;
  const isCopied = await copyAsTest(frame);
  button.textContent = isCopied ? 'Copied' : 'Not allowed';
  setTimeout(() => (button.textContent = 'Copy as a test'), 2000);
});
void playFirstBeat(tag);

// Shows what happens elsewhere, such as an approval in another window.
setInterval(() => {
  if (!document.hidden) void look();
}, 1000);
void look();
