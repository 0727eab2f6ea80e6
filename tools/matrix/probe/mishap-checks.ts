/** What may go wrong on the way to Plex, over a socket: each ends in the error that is documented. */
import { createPlexAuth, signIn } from 'plex-auth-flow';
import { createPlexClient } from 'plex-auth-flow/client';
import { errorOf, expectEqual, expectThat, type ProbeCheck } from './probe-check.ts';
import { closedURL, openPlex, openRedirect, type RemotePlex } from './probe-control.ts';

const product = 'Probe';

function clientOf(serverURL: string, more: object = {}) {
  return createPlexClient({ product, clientIdentifier: 'probe', serverURL, ...more });
}

/** One read of a PIN that goes wrong. */
function failingRead(fault: object, code: string, details: object = {}): ProbeCheck {
  const { type } = fault as { type: string };
  return {
    subject: 'network faults',
    check: `says ${code} for an answer that is ${type}`,
    async run({ controlURL }) {
      const plex = await openPlex(controlURL);
      const { pinID } = await clientOf(plex.url).getPin();
      await plex.fault(fault, { operation: 'getToken', times: 10 });
      const isEndless = code === 'PLEX_TIMEOUT';
      const client = clientOf(plex.url, isEndless ? { requestTimeoutMs: 400 } : {});
      const error = await errorOf(client.getToken({ pinID }));
      const wanted = { code, ...details };
      expectEqual(pick(error, Object.keys(wanted)), wanted);
    },
  };
}

function pick(value: object, names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, Reflect.get(value, name)]));
}

const faultChecks: readonly ProbeCheck[] = [
  failingRead({ type: 'hang' }, 'PLEX_TIMEOUT', { retryable: true }),
  failingRead({ type: 'stalled' }, 'PLEX_TIMEOUT', { retryable: true }),
  failingRead({ type: 'truncated' }, 'PLEX_NETWORK', { retryable: true }),
  failingRead({ type: 'reset' }, 'PLEX_NETWORK', { retryable: true }),
  failingRead({ type: 'html' }, 'PLEX_BAD_REPLY'),
  failingRead({ type: 'status', status: 503 }, 'PLEX_HTTP', { status: 503, retryable: true }),
  failingRead({ type: 'rateLimited', retryAfter: 7 }, 'PLEX_RATE_LIMITED', { retryAfterMs: 7000 }),
  {
    subject: 'network faults',
    check: 'says PLEX_NETWORK where nobody listens',
    async run({ controlURL }) {
      const client = clientOf(await closedURL(controlURL));
      expectEqual((await errorOf(client.getPin())).code, 'PLEX_NETWORK');
    },
  },
  {
    subject: 'network faults',
    check: 'signs in although the first answers are broken',
    async run({ controlURL }) {
      const plex = await openPlex(controlURL);
      await plex.fault({ type: 'truncated' }, { operation: 'getPin' });
      await plex.fault({ type: 'reset' }, { operation: 'getToken' });
      const onCode = ({ code }: { code: string }) => void plex.approve(code);
      const { token } = await signIn({ product, serverURL: plex.url, onCode });
      expectThat(token.reveal() !== '', 'there is no token');
    },
  },
];

/** A request that never ends, and how to see on the server that it is gone. */
async function hangingPlex(controlURL: string): Promise<RemotePlex> {
  const plex = await openPlex(controlURL);
  await plex.fault({ type: 'hang' }, { times: 10 });
  return plex;
}

async function untilPending(plex: RemotePlex, wanted: number): Promise<void> {
  const endMs = Date.now() + 8000;
  let pending = await plex.pending();
  for (; pending !== wanted && Date.now() < endMs; pending = await plex.pending()) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expectEqual(pending, wanted);
}

const abortChecks: readonly ProbeCheck[] = [
  {
    subject: 'aborts',
    check: 'makes no request with a signal that is aborted before',
    async run({ controlURL }) {
      const plex = await openPlex(controlURL);
      const reason = new TypeError('of the probe');
      const error = await errorOf(
        signIn({ product, serverURL: plex.url, signal: AbortSignal.abort(reason) }),
      );
      expectThat(error === reason, `rejects with ${error.name}`);
      expectEqual((await plex.requests()).length, 0);
    },
  },
  {
    subject: 'aborts',
    check: 'ends a request that is out, with the reason',
    async run({ controlURL }) {
      const plex = await hangingPlex(controlURL);
      const [controller, reason] = [new AbortController(), new TypeError('of the probe')];
      const error = errorOf(clientOf(plex.url).getPin({ signal: controller.signal }));
      await untilPending(plex, 1);
      controller.abort(reason);
      expectThat((await error) === reason, `rejects with ${(await error).name}`);
      await untilPending(plex, 0);
    },
  },
  {
    subject: 'aborts',
    check: 'ends a sign-in that waits for the user',
    async run({ controlURL }) {
      const plex = await openPlex(controlURL);
      const controller = new AbortController();
      const onCode = () => void setTimeout(() => controller.abort(), 300);
      const { signal } = controller;
      expectEqual(
        (await errorOf(signIn({ product, serverURL: plex.url, signal, onCode }))).name,
        'AbortError',
      );
      const { length } = await plex.requests();
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expectEqual((await plex.requests()).length, length);
    },
  },
  {
    subject: 'aborts',
    check: 'ends the request of an engine that is cancelled',
    async run({ controlURL }) {
      const plex = await hangingPlex(controlURL);
      const auth = createPlexAuth({ product, serverURL: plex.url });
      auth.start();
      await untilPending(plex, 1);
      auth.cancel();
      expectEqual(auth.getSnapshot().status, 'idle');
      await untilPending(plex, 0);
      await auth.dispose();
    },
  },
];

const redirectChecks = [301, 302, 303, 307, 308].map(
  (status): ProbeCheck => ({
    subject: 'redirects',
    check: `follows no ${status} with a token`,
    async run({ controlURL }) {
      const redirect = await openRedirect(controlURL, status);
      const client = clientOf(redirect.url);
      const token = 'a-token-of-the-probe';
      const errors = [await errorOf(client.getUser({ token })), await errorOf(client.signOut({ token }))];
      for (const { code } of errors) expectThat(/^PLEX_/.test(code ?? ''), `rejects with ${code}`);
      expectEqual(await redirect.arrivals(), { requests: 0, tokens: 0 });
    },
  }),
);

export const mishapChecks: readonly ProbeCheck[] = [...faultChecks, ...abortChecks, ...redirectChecks];
