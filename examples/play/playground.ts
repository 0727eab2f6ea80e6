import 'plex-auth-flow/element';
import { createPlexInspector } from 'plex-auth-flow/inspect';
import { emulator } from '../emulator.ts';
import type { EmulatorCommand, EmulatorState } from './emulator-controls.ts';
import { mishaps } from './mishaps.ts';

const find = <Kind extends HTMLElement>(selector: string) => document.querySelector(selector) as Kind;
const tag = find<HTMLElementTagNameMap['plex-sign-in']>('plex-sign-in');
const refusal = find('#refusal');

const inspector = createPlexInspector({ iframe: find<HTMLIFrameElement>('#live-view') });
let sleptMs = 0;

tag.options = {
  ...emulator,
  inspect: inspector.inspect,
  fetch: inspector.fetch,
  // A machine that sleeps: its clock goes on, its timers do not.
  clock: {
    now: () => Date.now() + sleptMs,
    setTimeout: (call, delayMs) => window.setTimeout(call, delayMs),
    clearTimeout: (timer) => window.clearTimeout(timer as number),
  },
};

/** Asks the emulator for something, and shows how it stands then. */
async function ask(command?: EmulatorCommand): Promise<void> {
  const init = command && { method: 'POST', body: JSON.stringify(command) };
  const response = await fetch('emulator', init);
  const { refusal: why = '', ...state } = (await response.json()) as EmulatorState & { refusal?: string };
  if (command) refusal.textContent = why;
  show(state);
}

function show({ code, pins, faults, latencyMs, offsetMs, sleptMs: slept }: EmulatorState): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('.needs-code')) button.disabled = !code;
  find('#pins').replaceChildren(
    ...pins.toReversed().map((pin) => {
      const item = document.createElement('li');
      item.dataset['state'] = pin.state;
      item.append(Object.assign(document.createElement('code'), { textContent: pin.code }), ` ${pin.state}`);
      return item;
    }),
  );
  find('#faults').textContent = faults.length > 0 ? `Next: ${faults.join(', ')}` : 'Nothing goes wrong.';
  find<HTMLInputElement>('#latency').value = `${latencyMs}`;
  find('#latency-text').textContent = latencyMs === 0 ? 'at once' : `${latencyMs / 1000} s`;
  find<HTMLSelectElement>('#offset').value = `${offsetMs}`;
  if (slept === sleptMs) return;
  sleptMs = slept;
  // What a page is told when the lid opens.
  dispatchEvent(new Event('focus'));
}

document.addEventListener('click', ({ target }) => {
  const { command } = (target as HTMLElement).dataset;
  if (command) void ask(JSON.parse(command) as EmulatorCommand);
});
find<HTMLInputElement>('#latency').addEventListener('change', ({ target }) => {
  void ask({ do: 'latency', ms: Number((target as HTMLInputElement).value) });
});
find<HTMLSelectElement>('#offset').addEventListener('change', ({ target }) => {
  void ask({ do: 'offset', ms: Number((target as HTMLSelectElement).value) });
});
for (const mode of document.querySelectorAll<HTMLInputElement>('input[name=mode]')) {
  mode.addEventListener('change', () => {
    tag.auth?.cancel();
    tag.setAttribute('mode', mode.value);
  });
}

find('#mishaps').append(
  ...mishaps.map(({ title, others, command }) => {
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: title });
    button.dataset['command'] = JSON.stringify(command);
    const text = Object.assign(document.createElement('p'), { textContent: others });
    const item = document.createElement('li');
    item.append(button, text);
    return item;
  }),
);

/** What happens elsewhere, such as a window that approves, shows here soon. */
setInterval(() => {
  if (!document.hidden) void ask().catch(() => {});
}, 1000);
void ask();
