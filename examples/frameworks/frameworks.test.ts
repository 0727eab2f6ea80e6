/** Each example shows a sign-in from the first view to the last, in its framework's own runtime. */
import { readFileSync } from 'node:fs';
import type { ReactiveController } from 'lit';
import type { PlexAuth } from 'plex-auth-flow';
import { toReadable } from 'plex-auth-flow/adapters';
import { h, options, render } from 'preact';
import { act } from 'preact/test-utils';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { createRoot } from 'solid-js';
import { derived, get } from 'svelte/store';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { effectScope, watch } from 'vue';
import { createApprovedFlow } from '../../test/fixture/approved-flow.ts';
import { followPlexAuth } from './lit/follow-plex-auth.ts';
import { usePlexAuth as usePreactPlexAuth } from './preact/use-plex-auth.ts';
import { usePlexAuth as useReactPlexAuth } from './react/use-plex-auth.ts';
import { statusOf } from './rxjs/status-of.ts';
import { createView } from './solid/create-view.ts';
import { usePlexAuth as useVuePlexAuth } from './vue/use-plex-auth.ts';

// Node gets Solid's server build, in which nothing reacts.
vi.mock('solid-js', () => vi.importActual('solid-js/dist/solid.js'));

const signIn = ['idle', 'requestingPin', 'awaitingLink', 'fetchingToken', 'authenticated'];

function ReactStatus({ auth }: { auth: PlexAuth }) {
  return createElement('output', null, useReactPlexAuth(auth).status);
}

function PreactStatus({ auth }: { auth: PlexAuth }) {
  return h('output', null, usePreactPlexAuth(auth).status);
}

describe('React', () => {
  // test/examples/hydration.test.ts has each view in a page.
  it('renders the same on a server however far the engine is, and subscribes with the bare methods', async () => {
    const { auth, run } = createApprovedFlow();
    const { subscribe, getSnapshot } = auth;
    const show = () => renderToString(createElement(ReactStatus, { auth }));
    const shown = [show()];
    const unsubscribe = subscribe((view) => {
      expect(getSnapshot()).toBe(view);
      shown.push(show());
    });
    await run();
    unsubscribe();
    auth.signOut();
    expect(shown).toEqual(signIn.map(() => '<output>idle</output>'));
  });
});

describe('Preact', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    delete options.debounceRendering;
  });

  it('renders each view, and nothing once it is unmounted', async () => {
    const { auth, run } = createApprovedFlow();
    const document = createDocument();
    vi.stubGlobal('document', document);
    const root = document.createElementNS('', 'body');
    await act(() => render(h(PreactStatus, { auth }), root as never));
    options.debounceRendering = (rerender) => rerender();
    const shown = [textOf(root)];
    auth.subscribe(() => shown.push(textOf(root)));
    await run();
    expect(shown).toEqual(signIn);
    await act(() => render(null, root as never));
    auth.signOut();
    expect(textOf(root)).toBe('');
  });
});

describe('Vue', () => {
  it('follows each view until its scope ends, and leaves the token whole', async () => {
    const { auth, run } = createApprovedFlow();
    const scope = effectScope();
    const view = scope.run(() => useVuePlexAuth(auth));
    const statuses = [view?.value.status];
    scope.run(() =>
      watch(
        () => view?.value.status,
        (status) => statuses.push(status),
        { flush: 'sync' },
      ),
    );
    await run();
    expect(statuses).toEqual(signIn);
    expect(view?.value.status === 'authenticated' && view.value.token.reveal()).toEqual(expect.any(String));
    scope.stop();
    auth.signOut();
    expect(view?.value.status).toBe('authenticated');
  });
});

describe('Svelte', () => {
  it('takes the view for a store of its own', async () => {
    const { auth, run } = createApprovedFlow();
    const view = toReadable(auth);
    const status = derived(view, (next) => next.status);
    expect(get(view)).toBe(auth.getSnapshot());
    const statuses: string[] = [];
    const unsubscribe = status.subscribe((next) => statuses.push(next));
    await run();
    expect(statuses).toEqual(signIn);
    expect(get(view)).toBe(auth.getSnapshot());
    unsubscribe();
    auth.signOut();
    expect(statuses).toEqual(signIn);
  });
});

describe('Solid', () => {
  it('follows each view until its root is disposed of', async () => {
    const { auth, run } = createApprovedFlow();
    const [view, dispose] = createRoot((dispose) => [createView(auth), dispose] as const);
    const statuses = [view().status];
    auth.subscribe(() => statuses.push(view().status));
    await run();
    expect(statuses).toEqual(signIn);
    dispose();
    auth.signOut();
    expect(view().status).toBe('authenticated');
  });
});

describe('RxJS', () => {
  it('emits each status, and completes with the engine', async () => {
    const { auth, run } = createApprovedFlow();
    const statuses: string[] = [];
    statusOf(auth).subscribe({
      next: (status) => statuses.push(status),
      complete: () => statuses.push('end'),
    });
    await run();
    auth.dispose();
    expect(statuses).toEqual([...signIn, 'end']);
  });
});

describe('Lit', () => {
  it('asks its host for an update at each change while it is connected', async () => {
    const { auth, run } = createApprovedFlow();
    const statuses: string[] = [];
    const controllers: ReactiveController[] = [];
    const host = {
      addController: (added: ReactiveController) => controllers.push(added),
      removeController: () => {},
      requestUpdate: () => statuses.push(auth.getSnapshot().status),
      updateComplete: Promise.resolve(true),
    };
    followPlexAuth(host, auth);
    const [controller] = controllers;
    controller?.hostConnected?.();
    await run();
    expect(statuses).toEqual(signIn);
    controller?.hostDisconnected?.();
    auth.signOut();
    expect(statuses).toEqual(signIn);
  });
});

it.each([
  'react/use-plex-auth.ts',
  'preact/use-plex-auth.ts',
  'vue/use-plex-auth.ts',
  'solid/create-view.ts',
  'lit/follow-plex-auth.ts',
  'angular/inject-plex-auth.ts',
])('%s takes eight lines at most, beside its imports', (path) => {
  const source = readFileSync(new URL(path, import.meta.url), 'utf8');
  const lines = source.split('\n').filter((line) => line !== '' && !line.startsWith('import '));
  expect(lines.length).toBeLessThanOrEqual(8);
});

/** The parts of a DOM node that Preact uses to render text. */
class FakeNode {
  readonly nodeType: number;
  readonly localName: string;
  data: string | undefined;
  childNodes: FakeNode[] = [];
  parentNode: FakeNode | null = null;

  constructor(localName: string, data?: string) {
    this.nodeType = data === undefined ? 1 : 3;
    this.localName = localName;
    this.data = data;
  }

  get firstChild(): FakeNode | null {
    return this.childNodes[0] ?? null;
  }

  get nextSibling(): FakeNode | null {
    const siblings = this.parentNode?.childNodes ?? [];
    return siblings[siblings.indexOf(this) + 1] ?? null;
  }

  insertBefore(node: FakeNode, before: FakeNode | null): FakeNode {
    const index = before ? this.childNodes.indexOf(before) : this.childNodes.length;
    this.childNodes.splice(index, 0, node);
    node.parentNode = this;
    return node;
  }

  removeChild(node: FakeNode): FakeNode {
    this.childNodes = this.childNodes.filter((child) => child !== node);
    node.parentNode = null;
    return node;
  }

  remove(): void {
    this.parentNode?.removeChild(this);
  }
}

function createDocument() {
  return {
    createElementNS: (_namespace: string, name: string) => new FakeNode(name),
    createTextNode: (data: string) => new FakeNode('#text', data),
  };
}

function textOf(node: FakeNode): string {
  return node.data ?? node.childNodes.map(textOf).join('');
}
