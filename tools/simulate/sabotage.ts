import { createPlexAuth, type Fetch, type PlexAuth, type PlexAuthOptions } from '../../src/index.ts';

type MakeEngine = (options: PlexAuthOptions) => PlexAuth;

/** Makes engines that see each answer otherwise than it came. */
function withAnswers(distort: (response: Response) => Response | Promise<Response>): MakeEngine {
  return (options) => {
    const fetch: Fetch = async (input, init) => {
      const response = await (options.fetch as Fetch)(input, init);
      return response.status === 204 ? response : distort(response);
    };
    return createPlexAuth({ ...options, fetch });
  };
}

/** Makes engines with something of theirs replaced. */
function withParts(replace: (auth: PlexAuth) => Partial<PlexAuth>): MakeEngine {
  return (options) => {
    const auth = createPlexAuth(options);
    return { ...auth, ...replace(auth) };
  };
}

/** Makes engines whose timers are not what they ask for. */
function withDelays(distort: (delayMs: number) => number): MakeEngine {
  return (options) => {
    const clock = options.clock as NonNullable<PlexAuthOptions['clock']>;
    const setTimeout: typeof clock.setTimeout = (run, delayMs) => clock.setTimeout(run, distort(delayMs));
    return createPlexAuth({ ...options, clock: { ...clock, setTimeout } });
  };
}

/** Engines with one fault each, and the invariant that has to find it. */
export const badEngines: readonly [fault: string, invariant: string, createEngine: MakeEngine][] = [
  [
    'overlooks a token',
    'tokensAreHeld',
    withAnswers(async (response) => {
      const text = await response.text();
      return new Response(text.replace(/"authToken":"[^"]+"/, '"authToken":null'), response);
    }),
  ],
  [
    'overlooks Retry-After',
    'heedsRetryAfter',
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
  ['is in a hurry', 'keepsItsPace', withDelays((delayMs) => delayMs / 2)],
  ['takes its time', 'waitsNoLongerThanItSays', withDelays((delayMs) => delayMs * 4)],
  [
    'tells everything twice',
    'tellsOnlyChanges',
    withParts((auth) => ({
      subscribe: (listener, onEnd) =>
        auth.subscribe((view) => {
          listener(view);
          listener({ ...view });
        }, onEnd),
    })),
  ],
  [
    'makes its snapshot anew each time',
    'snapshotIsTheLastTold',
    withParts((auth) => ({ getSnapshot: () => ({ ...auth.getSnapshot() }) })),
  ],
  ['lives on after dispose', 'tellsOfItsEndOnce', withParts(() => ({ dispose: () => Promise.resolve() }))],
  [
    'asks twice at once',
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
