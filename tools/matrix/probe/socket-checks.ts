/** Whole sign-ins, and single calls, over a socket. */
import { createPlexAuth, type PlexAuth, signIn } from 'plex-auth-flow';
import { toAsyncIterable, toEventTarget, toObservable, toPromise } from 'plex-auth-flow/adapters';
import { createPlexClient } from 'plex-auth-flow/client';
import { createMemoryStore } from 'plex-auth-flow/testing';
import { expectEqual, expectThat, type ProbeCheck } from './probe-check.ts';
import { openPlex, type RemotePlex } from './probe-control.ts';

const subject = 'sign-in over a socket';
const product = 'Probe';

/** Made while the module loads: some runtimes forbid then what they allow later, such as random numbers and timers. */
const engineOfModule = createPlexAuth({ product, fetch: (...request) => fetchOfModule(...request) });
let fetchOfModule: typeof fetch = (...request) => fetch(...request);

function signInAt(plex: RemotePlex, more: object = {}) {
  return signIn({ product, serverURL: plex.url, onCode: ({ code }) => void plex.approve(code), ...more });
}

/** Starts an engine and approves its code. */
async function signedInEngine(plex: RemotePlex, engine?: PlexAuth): Promise<PlexAuth> {
  const auth = engine ?? createPlexAuth({ product, serverURL: plex.url });
  auth.subscribe(({ status, code }) => {
    if (status === 'awaitingLink' && auth.getSnapshot().code === code)
      void plex.approve(code).catch(() => {});
  });
  auth.start();
  await toPromise(auth);
  expectEqual(auth.getSnapshot().status, 'authenticated');
  return auth;
}

export const socketChecks: readonly ProbeCheck[] = [
  {
    subject,
    check: 'signs in by the promise',
    async run({ controlURL }) {
      const plex = await openPlex(controlURL);
      const { token, clientIdentifier } = await signInAt(plex);
      expectThat(token.reveal().length > 10, 'the token is short');
      expectThat(/^[a-z\d]{24}$/i.test(clientIdentifier), `the client identifier is ${clientIdentifier}`);
      const [first] = await plex.requests();
      expectEqual([first?.operation, first?.product], ['getPin', product]);
    },
  },
  {
    subject,
    check: 'signs in with an engine that was made while its module loaded',
    async run({ controlURL }) {
      const plex = await openPlex(controlURL);
      fetchOfModule = (input, init) =>
        fetch(String(input).replace(/^https:\/\/(clients\.)?plex\.tv/, plex.url), init);
      await (await signedInEngine(plex, engineOfModule)).dispose();
    },
  },
  {
    subject,
    check: 'verifies the user and signs out',
    async run({ controlURL }) {
      const plex = await openPlex(controlURL);
      const auth = await signedInEngine(plex);
      const answer = await auth.verify();
      expectEqual(answer?.status, 'valid');
      auth.signOut();
      expectEqual((await toPromise(auth)).status, 'idle');
      await auth.dispose();
    },
  },
  {
    subject,
    check: 'restores a stored token without another PIN',
    async run({ controlURL }) {
      const plex = await openPlex(controlURL);
      const stores = { store: createMemoryStore(), credentials: createMemoryStore() };
      const first = await signInAt(plex, stores);
      const second = await signInAt(plex, stores);
      expectThat(first.token.reveal() === second.token.reveal(), 'the second token is another one');
      const pins = (await plex.requests()).filter(({ operation }) => operation === 'getPin');
      expectEqual(pins.length, 1);
    },
  },
  {
    subject,
    check: 'reads a pending, a claimed and an unknown PIN by the client',
    async run({ controlURL }) {
      const plex = await openPlex(controlURL);
      const client = createPlexClient({ product, clientIdentifier: 'probe', serverURL: plex.url });
      const { pinID, code } = await client.getPin();
      const readings = [await client.getToken({ pinID })];
      await plex.approve(code);
      readings.push(await client.getToken({ pinID }), await client.getToken({ pinID: pinID + 1000 }));
      expectEqual(
        readings.map(({ status }) => status),
        ['pending', 'claimed', 'gone'],
      );
    },
  },
  {
    subject,
    check: 'pings, reads the user and the servers, and links a PIN by the client',
    async run({ controlURL }) {
      const plex = await openPlex(controlURL);
      const { token, clientIdentifier } = await signInAt(plex);
      const client = createPlexClient({ product, clientIdentifier, serverURL: plex.url });
      // Of another client: one that gets a new token loses the old one.
      const other = await client.getPin({ clientIdentifier: 'probe-television' });
      const answers = [
        (await client.ping()).status,
        (await client.getUser({ token })).status,
        (await client.linkPin({ token, code: other.code })).status,
        Array.isArray(await client.getServers({ token })),
        (await client.signOut({ token })).status,
        (await client.getUser({ token })).status,
      ];
      expectEqual(answers, ['pong', 'valid', 'linked', true, 'signedOut', 'rejected']);
    },
  },
  {
    subject,
    check: 'publishes its views as an iterable, an observable and events',
    async run({ controlURL }) {
      const plex = await openPlex(controlURL);
      const auth = createPlexAuth({ product, serverURL: plex.url });
      const seen = { iterable: '', observable: '', events: '' };
      toObservable(auth).subscribe(({ status }) => {
        seen.observable = status;
      });
      toEventTarget(auth).addEventListener('authenticated', ({ detail }) => {
        seen.events = detail.status;
      });
      const iterated = (async () => {
        for await (const { status } of toAsyncIterable(auth)) seen.iterable = status;
      })();
      await signedInEngine(plex, auth);
      await auth.dispose();
      await iterated;
      expectEqual(Object.values(seen), ['authenticated', 'authenticated', 'authenticated']);
    },
  },
  {
    subject,
    check: 'shows no token, whoever prints it',
    async run({ controlURL }) {
      const { token } = await signInAt(await openPlex(controlURL));
      const texts = [String(token), JSON.stringify({ token }), `${Object.values(token)}`];
      expectThat(!texts.join().includes(token.reveal()), 'a text has the token in it');
      expectEqual(texts[0], '[redacted]');
    },
  },
];
