/** XState's own libraries for frameworks read the engine's actor as they read any other. */
import { act, createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { createRoot } from 'solid-js';
import { describe, expect, it, vi } from 'vitest';
import { effectScope, watch } from 'vue';
import { usePin as useReactPin } from '../../examples/state-libraries/xstate-react.ts';
import { createPin } from '../../examples/state-libraries/xstate-solid.ts';
import { createAppStore } from '../../examples/state-libraries/xstate-store.ts';
import { selectPin } from '../../examples/state-libraries/xstate-svelte.ts';
import { usePin as useVuePin } from '../../examples/state-libraries/xstate-vue.ts';
import { createApprovedFlow } from '../fixture/approved-flow.ts';

// Node gets Solid's server build, in which nothing reacts.
vi.mock('solid-js', () => vi.importActual('solid-js/dist/solid.js'));
// And it gets the CommonJS of this one, which would load that build.
vi.mock('@xstate/solid', () => vi.importActual('../../node_modules/@xstate/solid/dist/xstate-solid.esm.js'));
vi.mock('solid-js/store', () => vi.importActual('solid-js/store/dist/store.js'));

/** The codes in the order in which they were shown. A code, then none: the sign-in is over. */
const codeOf = (pin: { code: string } | undefined) => (pin ? 'a code' : 'none');
const wholeSignIn = ['none', 'a code', 'none'];

describe('@xstate/react', () => {
  it('renders the part that a component selects', async () => {
    const { auth, run } = createApprovedFlow();
    const Code = () => createElement('output', null, codeOf(useReactPin(auth)));
    const shown = [renderToString(createElement(Code))];
    const unsubscribe = auth.subscribe(() => {
      const next = renderToString(createElement(Code));
      if (next !== shown.at(-1)) shown.push(next);
    });
    await act(run);
    unsubscribe();
    expect(shown).toEqual(wholeSignIn.map((code) => `<output>${code}</output>`));
  });
});

describe('@xstate/vue', () => {
  it('gives a ref that follows the part until its scope ends', async () => {
    const { auth, run } = createApprovedFlow();
    const scope = effectScope();
    const shown: string[] = [];
    scope.run(() => {
      const pin = useVuePin(auth);
      watch(pin, (next) => shown.push(codeOf(next)), { immediate: true, flush: 'sync' });
    });
    await run();
    scope.stop();
    expect(shown).toEqual(wholeSignIn);
  });
});

describe('@xstate/svelte', () => {
  it('gives a store that follows the part', async () => {
    const { auth, run } = createApprovedFlow();
    const shown: string[] = [];
    const unsubscribe = selectPin(auth).subscribe((pin) => shown.push(codeOf(pin)));
    await run();
    unsubscribe();
    expect(shown).toEqual(wholeSignIn);
  });
});

describe('@xstate/solid', () => {
  it('gives an accessor that follows the part', async () => {
    const { auth, run } = createApprovedFlow();
    const [pin, dispose] = createRoot((end) => [createPin(auth), end] as const);
    const shown = [codeOf(pin())];
    const note = () => {
      if (codeOf(pin()) !== shown.at(-1)) shown.push(codeOf(pin()));
    };
    auth.subscribe(note);
    await run();
    note();
    dispose();
    expect(shown).toEqual(wholeSignIn);
  });
});

describe('@xstate/store', () => {
  it('holds the view beside what else the app keeps', async () => {
    const { auth, run } = createApprovedFlow();
    const store = createAppStore(auth);
    store.trigger.visit();
    await run();
    expect(store.getSnapshot().context).toEqual({ view: auth.getSnapshot(), visits: 1 });
  });
});
