import {
  createPlexAuth,
  type Fetch,
  type KeyValueStore,
  type PlexAuth,
  type PlexAuthOptions,
} from '../../src/index.ts';

type MakeEngine = (options: PlexAuthOptions) => PlexAuth;

/** Makes engines whose answers are changed on the way. */
function withAnswers(distort: (response: Response) => Response | Promise<Response>): MakeEngine {
  return (options) => {
    const fetch: Fetch = async (input, init) => {
      const response = await (options.fetch as Fetch)(input, init);
      return response.status === 204 ? response : distort(response);
    };
    return createPlexAuth({ ...options, fetch });
  };
}

/** Makes engines with some of their methods replaced. */
function withParts(replace: (auth: PlexAuth) => Partial<PlexAuth>): MakeEngine {
  return (options) => {
    const auth = createPlexAuth(options);
    return { ...auth, ...replace(auth) };
  };
}

/** Makes engines whose timers run longer or shorter than they ask for. */
function withDelays(distort: (delayMs: number) => number): MakeEngine {
  return (options) => {
    const clock = options.clock as NonNullable<PlexAuthOptions['clock']>;
    const setTimeout: typeof clock.setTimeout = (run, delayMs) => clock.setTimeout(run, distort(delayMs));
    return createPlexAuth({ ...options, clock: { ...clock, setTimeout } });
  };
}

/** Makes engines whose fetch is changed. */
function withFetch(change: (send: Fetch, options: PlexAuthOptions) => Fetch): MakeEngine {
  return (options) => createPlexAuth({ ...options, fetch: change(options.fetch as Fetch, options) });
}

/** Engines with one flaw each, and the invariant that must find it. */
export const brokenEngines: readonly [flaw: string, invariant: string, createEngine: MakeEngine][] = [
  [
    'misses a token',
    'tokensAreHeld',
    withAnswers(async (response) => {
      const text = await response.text();
      return new Response(text.replace(/"authToken":"[^"]+"/, '"authToken":null'), response);
    }),
  ],
  [
    'ignores Retry-After',
    'obeysRetryAfter',
    withAnswers((response) => {
      response.headers.delete('retry-after');
      return response;
    }),
  ],
  [
    'takes an outage for a refused token',
    'onlyPlexRejectsTokens',
    (options) => {
      const auth = createPlexAuth(options);
      auth.subscribe(({ status }) => {
        if (status === 'authenticated') queueMicrotask(() => auth.actor.send({ type: 'REJECTED' }));
      });
      return auth;
    },
  ],
  ['polls too fast', 'keepsItsPace', withDelays((delayMs) => delayMs / 2)],
  ['polls too slowly', 'waitsNoLongerThanItSays', withDelays((delayMs) => delayMs * 4)],
  [
    'publishes every view twice',
    'publishesOnlyChanges',
    withParts((auth) => ({
      subscribe: (listener, onEnd) =>
        auth.subscribe((view) => {
          listener(view);
          listener({ ...view });
        }, onEnd),
    })),
  ],
  [
    'makes a new snapshot each time',
    'snapshotIsTheLastPublished',
    withParts((auth) => ({ getSnapshot: () => ({ ...auth.getSnapshot() }) })),
  ],
  ['lives on after dispose', 'announcesItsEndOnce', withParts(() => ({ dispose: () => Promise.resolve() }))],
  [
    'sends each read twice',
    'oneRequestAtATime',
    (options) => {
      const fetch: Fetch = (input, init) => {
        const send = options.fetch as Fetch;
        if (String(input).includes('/pins/')) send(input, init).catch(() => {});
        return send(input, init);
      };
      return createPlexAuth({ ...options, fetch });
    },
  ],
  [
    'wants the end of an answer',
    'tokensAreHeld',
    withFetch((send) => async (input, init) => {
      const { status, headers, body } = await send(input, init);
      return { status, headers, body: null, text: () => readToEnd(body) } as unknown as Response;
    }),
  ],
  [
    'aborts a read at the time limit',
    'cutsNoReadOff',
    withFetch((send, { clock, requestTimeoutMs }) => async (input, init) => {
      const abort = new AbortController();
      init?.signal?.addEventListener('abort', () => abort.abort());
      clock?.setTimeout(() => abort.abort(), requestTimeoutMs ?? 0);
      return send(input, { ...init, signal: abort.signal });
    }),
  ],
  [
    'believes every count',
    'endsSoonAfterItsPin',
    withFetch((send) => async (input, init) => {
      const response = await send(input, init);
      if (init?.method !== 'POST') return response;
      const text = await readToEnd(response.body);
      const { status, headers } = response;
      const longer = text.replace(/"expiresIn":\d+/, '"expiresIn":3000000');
      return { status, headers, body: null, text: async () => longer } as unknown as Response;
    }),
  ],
  [
    'hears nothing more after an abort',
    'everyTokenIsAccountedFor',
    withFetch((send) => (input, init) => {
      const aborted = new Promise<never>((_, reject) => {
        init?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
      });
      aborted.catch(() => {});
      return Promise.race([send(input, init), aborted]);
    }),
  ],
  [
    'ends at an error of the application',
    'announcesItsEndOnce',
    (options) => {
      const random = () => {
        try {
          return options.random?.() ?? 0;
        } catch {
          queueMicrotask(() => void auth.dispose());
          return 0;
        }
      };
      const auth = createPlexAuth({ ...options, random });
      return auth;
    },
  ],
  ['answers every hint at once', 'hintsHaveAPace', withDelays((delayMs) => (delayMs === 500 ? 20 : delayMs))],
  [
    'forgets a token by its key',
    'newestTokenStays',
    (options) => {
      const auth = createPlexAuth(options);
      const check = () => {
        auth.check();
        if (options.credentials) void removeToken(options.credentials);
      };
      return { ...auth, check };
    },
  ],
];

async function removeToken(store: KeyValueStore): Promise<void> {
  try {
    await store.removeItem('plex-auth-flow.credentials');
  } catch {}
}

async function readToEnd(body: Response['body']): Promise<string> {
  const reader = body?.getReader();
  let text = '';
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
    text += new TextDecoder().decode(part.value);
  return text;
}
