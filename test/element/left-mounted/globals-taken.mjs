/**
 * Leaves tags mounted and takes the page's globals away, as `global-jsdom` and its like do after a test by `node:test`.
 *
 * Run as `node globals-taken.mjs jsdom|happy-dom open|closed`: whether the window is closed too. Writes the errors that
 * nobody caught, and the statuses at the end, as JSON.
 */
import { setTimeout as sleep } from 'node:timers/promises';

const [, , environment, ending] = process.argv;
const errors = [];
process.on('uncaughtException', ({ message }) => errors.push(message));

const page = await openPage();
const taken = putGlobals(page);
const { createPlexEmulator } = await import('plex-auth-flow/testing');
await import('plex-auth-flow/element');

const tags = [];
for (const mode of ['popup', 'code'])
  for (const end of ['waiting', 'linked']) tags.push(await leaveTag(mode, end));
for (const mode of ['popup', 'code']) mount(mode);
takeGlobals(taken);
if (ending === 'closed') page.close();
// Some reads, and what they bring.
await sleep(2500);
console.log(JSON.stringify({ errors, statuses: tags.map((tag) => tag.auth?.getSnapshot().status) }));
process.exit();

async function openPage() {
  if (environment === 'happy-dom') {
    const { Window } = await import('happy-dom');
    return new Window({ url: 'http://localhost/' });
  }
  const { JSDOM } = await import('jsdom');
  return new JSDOM('<body></body>', { url: 'http://localhost/', pretendToBeVisual: true }).window;
}

/** Gives the process what it lacks of a page, and the page's own navigator. */
function putGlobals(page) {
  const before = new Map();
  for (const name of [...Object.getOwnPropertyNames(page), 'document', 'navigator', 'HTMLElement']) {
    if (name in globalThis && name !== 'navigator') continue;
    before.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
    Object.defineProperty(globalThis, name, { value: page[name], configurable: true, writable: true });
  }
  globalThis.window = page;
  return before;
}

function takeGlobals(before) {
  for (const [name, descriptor] of before)
    if (descriptor) Object.defineProperty(globalThis, name, descriptor);
    else delete globalThis[name];
  delete globalThis.window;
}

function mount(mode, fetch = createPlexEmulator().fetch) {
  const tag = document.createElement('plex-sign-in');
  tag.setAttribute('product', 'My App');
  tag.setAttribute('mode', mode);
  tag.setAttribute('lang', 'de');
  tag.options = { fetch, name: `${mode} ${tags.length}`, opener: () => null };
  document.body.append(tag);
  return tag;
}

/** Mounts a tag whose user has a code. Where the end is `linked`, he has just linked it. */
async function leaveTag(mode, end) {
  const emulator = createPlexEmulator();
  const tag = mount(mode, emulator.fetch);
  while (tag.shadowRoot.getElementById('main').hidden) await sleep(10);
  tag.shadowRoot.getElementById('main').click();
  while (tag.auth?.getSnapshot().status !== 'awaitingLink') await sleep(10);
  if (end === 'linked') emulator.link(emulator.pins[0].code);
  return tag;
}
