import { createPlexAuth, type Fetch, type PlexAuth, type PlexAuthOptions } from '../../src/index.ts';

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
      response.headers.delete('Retry-After');
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
];
