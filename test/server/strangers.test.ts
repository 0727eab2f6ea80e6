import { describe, expect, it } from 'vitest';
import { createPlexAuthServer } from '../../src/server/index.ts';
import { createRecordingStore } from '../fixture/recording-store.ts';
import { whileTimePasses } from '../fixture/while-time-passes.ts';
import { cookiesOfApp, createApplication, handOver, openBrowser } from './sign-in-server.ts';

type Handler = Parameters<typeof openBrowser>[0];

/** The same browser, at another machine. */
function copyTo(handler: Handler, { jar }: Pick<ReturnType<typeof openBrowser>, 'jar'>) {
  const copy = openBrowser(handler);
  for (const [name, value] of jar) copy.jar.set(name, value);
  return copy;
}

async function askAsStranger(
  app: ReturnType<typeof createApplication>,
  handler: Handler,
  pinID: number,
  code: string,
) {
  const stranger = openBrowser(handler);
  await stranger.ask('/attempt', { method: 'POST', headers: handOver(pinID, code) });
  await whileTimePasses(app, stranger.ask('/attempt'));
  return stranger;
}

describe('a stranger who knows the id of a PIN, and not its code', () => {
  it('makes no used PIN good for another session, at another machine', async () => {
    const app = createApplication({ store: createRecordingStore(), readsPerSecond: Infinity });
    const browser = app.openBrowser();
    const { code, pinID } = await browser.begin(app);
    app.emulator.link(code);
    const thief = copyTo(app.server.handler, browser);
    await whileTimePasses(app, browser.ask('/attempt'));
    expect(cookiesOfApp(browser)).toEqual(['session']);
    await app.time.advance(61_000);
    const other = createPlexAuthServer(app.settings);
    await askAsStranger(app, other.handler, pinID, 'another');
    const third = copyTo(createPlexAuthServer(app.settings).handler, thief);
    await whileTimePasses(app, third.ask('/attempt'));
    expect([app.signIns.length, cookiesOfApp(third)]).toEqual([1, []]);
  });

  it('ends no sign-in with a long code, however often he asks', async () => {
    const app = createApplication({ readsPerSecond: Infinity });
    const browser = app.openBrowser();
    const { code, pinID } = await browser.begin(app);
    app.emulator.link(code);
    for (let n = 0; n < 20; n++) await askAsStranger(app, app.server.handler, pinID, `another${n}`);
    await whileTimePasses(app, browser.comeBack());
    expect(cookiesOfApp(browser)).toEqual(['session']);
  });
});

/** Lets questions about the user wait: Plex takes longer to answer them than a store does. */
function holdUser(real: typeof fetch) {
  const held = { asked: 0, open: () => {} };
  const opened = new Promise<void>((resolve) => {
    held.open = resolve;
  });
  const slow = async (...call: Parameters<typeof fetch>) => {
    if (new URL(String(call[0])).pathname.endsWith('/user')) {
      held.asked += 1;
      await opened;
    }
    return real(...call);
  };
  return { held, slow };
}

/** Lets no PIN be read before two machines ask for it: by then each has read what is stored. */
function readTogether(real: typeof fetch): typeof fetch {
  const waiting: (() => void)[] = [];
  let asked = 0;
  return async (...call) => {
    if (/\/pins\/\d+$/.test(new URL(String(call[0])).pathname) && ++asked <= 2) {
      const both = new Promise<void>((resolve) => waiting.push(resolve));
      if (asked === 2) for (const go of waiting) go();
      await both;
    }
    return real(...call);
  };
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('a sign-in for which Plex is just being asked who it is', () => {
  it('makes no session once it is cancelled at another machine, and its token is given back', async () => {
    const app = createApplication({ store: createRecordingStore() });
    const { held, slow } = holdUser(app.emulator.fetch);
    const one = createPlexAuthServer({ ...app.settings, fetch: slow });
    const browser = openBrowser(one.handler);
    const { code } = await browser.begin({ ...app, server: one });
    app.emulator.link(code);
    const elsewhere = copyTo(app.server.handler, browser);
    const asked = browser.ask('/attempt');
    await until(() => held.asked > 0);
    await elsewhere.ask('/attempt', { method: 'DELETE' });
    held.open();
    expect(await (await whileTimePasses(app, asked)).json()).toEqual({ status: 'gone' });
    expect([app.signIns.length, cookiesOfApp(browser)]).toEqual([0, []]);
    expect(app.emulator.requests.at(-1)?.path).toBe('/api/v2/users/signout');
  });

  it('makes one session where two machines have read it at the same moment', async () => {
    const app = createApplication({ store: createRecordingStore(), readsPerSecond: Infinity });
    const { held, slow } = holdUser(app.emulator.fetch);
    const settings = { ...app.settings, fetch: readTogether(slow) };
    const browser = openBrowser(createPlexAuthServer(settings).handler);
    const { code } = await browser.begin(app);
    app.emulator.link(code);
    const other = copyTo(createPlexAuthServer(settings).handler, browser);
    const asked = Promise.all([browser.ask('/attempt'), other.ask('/attempt')]);
    await until(() => held.asked > 1);
    held.open();
    await whileTimePasses(app, asked);
    expect([app.signIns.length, cookiesOfApp(browser).length + cookiesOfApp(other).length]).toEqual([1, 1]);
    await app.time.advance(61_000);
    await whileTimePasses(app, Promise.all([browser.ask('/attempt'), other.ask('/attempt')]));
    expect(app.signIns.length).toBe(1);
  });

  it('leaves the session to the other machine where its own question fails', async () => {
    const app = createApplication({ store: createRecordingStore(), readsPerSecond: Infinity });
    const { held, slow } = holdUser(app.emulator.fetch);
    const settings = { ...app.settings, fetch: slow };
    const { held: failure, slow: slower } = holdUser(async () => new Response('', { status: 502 }));
    const failing: typeof fetch = (...call) =>
      new URL(String(call[0])).pathname.endsWith('/user') ? slower(...call) : slow(...call);
    const first = createPlexAuthServer({ ...settings, fetch: failing });
    const browser = openBrowser(first.handler);
    const { code } = await browser.begin(app);
    app.emulator.link(code);
    const other = copyTo(createPlexAuthServer(settings).handler, browser);
    const asked = browser.ask('/attempt');
    const askedOther = other.ask('/attempt');
    await until(() => held.asked + failure.asked > 1);
    held.open();
    await whileTimePasses(app, askedOther);
    failure.open();
    await whileTimePasses(app, asked);
    const third = copyTo(createPlexAuthServer(app.settings).handler, browser);
    await app.time.advance(61_000);
    await whileTimePasses(app, third.ask('/attempt'));
    expect(app.signIns.length).toBe(1);
  });
});
