import type { BrowserPlexAuth } from '../../src/browser/browser-plex-auth.ts';
import { createBrowserPlexAuth } from '../../src/browser/create-browser-plex-auth.ts';
import { PlexAuthError, type PlexAuthView } from '../../src/index.ts';
import {
  createFakeBrowser,
  createFakePage,
  createFakePopup,
  createFakeStorage,
  type FakeBrowser,
  type FakePage,
  type FakePopup,
} from '../../test/browser/fake-page.ts';
import { createDirectPlex } from './direct-plex.ts';
import type { TabMove, TabPlan, TabsPlan } from './draw-tabs.ts';
import { createNetwork } from './network.ts';
import type { SimulatedPlex } from './plex.ts';
import { createSignInWatch } from './sign-in-world.ts';
import { createSimulatedTime, type SimulatedTime, settle, startMs } from './simulated-time.ts';
import type { Tally } from './tally.ts';
import { clientIdentifier, type Violation } from './world-state.ts';

/** No browser takes more steps: what does is a busy loop. */
const mostSteps = 20_000;

interface Tab {
  readonly plan: TabPlan;
  readonly page: FakePage;
  readonly auth: BrowserPlexAuth;
  readonly popups: FakePopup[];
  isClosed: boolean;
  /** Whether a start waits for its first view. */
  isStarting: boolean;
}

/** A user's browser while its plan runs. */
interface TabsWorld {
  readonly plan: TabsPlan;
  readonly time: SimulatedTime;
  readonly plex: SimulatedPlex;
  readonly browser: FakeBrowser;
  readonly tabs: Tab[];
  readonly tokens: Set<string>;
  readonly tally: Tally;
  readonly log: ((line: string) => void) | undefined;
  /** The code that some tab showed last. */
  code: string | undefined;
  /** The token that Plex issued last: the only one that lives. */
  newest: string | undefined;
  /** Every token that some tab has held. */
  readonly held: Set<string>;
}

/** Runs tabs to the end of all that is due. @returns The first rule that did not hold. */
export async function runTabsPlan(
  plan: TabsPlan,
  tally: Tally,
  log?: (line: string) => void,
): Promise<Violation | undefined> {
  const world = openTabs(plan, tally, log);
  const { time } = world;
  for (const move of plan.moves) time.at(startMs + move.ms, 'app', () => perform(world, move));
  const saw = (await live(world, findTwoCodes)) ?? (await findDisagreement(world));
  for (const tab of world.tabs) closeTab(tab);
  const left = (await live(world, () => undefined)) ?? findLeftovers(world);
  const [invariant, found] = saw === undefined ? ['leavesNothingBehind', left] : ['tabsAgree', saw];
  return found === undefined ? undefined : { invariant, atMs: time.nowMs - startMs, saw: found };
}

async function live(
  world: TabsWorld,
  look: (world: TabsWorld) => string | undefined,
): Promise<string | undefined> {
  let steps = 0;
  do {
    await settle(world.plan.base);
    const saw = look(world);
    if (saw !== undefined) return saw;
    if (++steps > mostSteps) return `no end after ${mostSteps} steps`;
  } while (world.time.step());
  return undefined;
}

function openTabs(plan: TabsPlan, tally: Tally, log: TabsWorld['log']): TabsWorld {
  const time = createSimulatedTime();
  const world: TabsWorld = {
    plan,
    time,
    plex: createDirectPlex(plan.base, time.clock),
    browser: createFakeBrowser(),
    tabs: [],
    tokens: new Set(),
    tally,
    log,
    code: undefined,
    newest: undefined,
    held: new Set(),
  };
  const credentials = plan.sharesToken ? createFakeStorage() : undefined;
  for (const [number, tab] of plan.tabs.entries()) world.tabs.push(openTab(world, number, tab, credentials));
  return world;
}

function openTab(world: TabsWorld, number: number, plan: TabPlan, credentials: Storage | undefined): Tab {
  const { base } = world.plan;
  const { time, plex, browser } = world;
  const page = createFakePage(browser, { ...toLocks(plan.locks), ...toChannel(plan.channel) });
  const popups: FakePopup[] = [];
  const auth = createBrowserPlexAuth({
    product: 'Simulation',
    clientIdentifier,
    window: page.window,
    credentials,
    opener: () => openPopup(plan, popups),
    fetch: createNetwork(base, time, plex, createSignInWatch()),
    clock: time.machineClock,
    random: () => base.random,
    requestTimeoutMs: base.requestTimeoutMs,
    giveUpAfterMs: base.giveUpAfterMs ?? undefined,
    polling: { intervalMs: base.intervalMs, maxIntervalMs: base.maxIntervalMs },
  });
  const tab: Tab = { plan, page, auth, popups, isClosed: false, isStarting: false };
  auth.subscribe((view) => {
    tab.isStarting = false;
    noteView(world, number, view);
  });
  return tab;
}

function toLocks(locks: TabPlan['locks']): Partial<Record<string, unknown>> {
  if (locks === 'shared') return {};
  if (locks === 'missing') return { locks: undefined };
  const request = () => {
    if (locks === 'throwing') throw new Error('no locks here');
    return new Promise(() => {});
  };
  return { locks: { request } };
}

function toChannel(channel: TabPlan['channel']): Partial<Record<string, unknown>> {
  if (channel === 'shared') return {};
  if (channel === 'missing') return { BroadcastChannel: undefined };
  return {
    BroadcastChannel() {
      throw new Error('no channels here');
    },
  };
}

function openPopup({ popup }: TabPlan, popups: FakePopup[]): FakePopup | null {
  if (popup === 'throws') throw new Error('no windows here');
  if (popup === 'refused') return null;
  const opened = createFakePopup();
  popups.push(opened);
  return opened;
}

function noteView(world: TabsWorld, number: number, view: PlexAuthView): void {
  world.log?.(`${world.time.nowMs - startMs} ms  tab ${number}: ${view.status}`);
  world.tally.count(`tab ${view.status}`);
  if (view.code) world.code = view.code;
  if (view.status === 'authenticated') world.held.add(view.token.reveal());
}

function perform(world: TabsWorld, { tab: number, act }: TabMove): void {
  const tab = world.tabs[number];
  world.log?.(`${world.time.nowMs - startMs} ms  * ${act} in tab ${number}`);
  if (act === 'approve' || act === 'deny') decide(world, act);
  else if (tab && !tab.isClosed) performIn(world, tab, act);
}

function performIn({ tally }: TabsWorld, tab: Tab, act: Exclude<TabMove['act'], 'approve' | 'deny'>): void {
  tally.count(`tab move ${act}`);
  // A tab with locks may leave the sign-in to the other one; one without is on its own.
  if (act === 'cancel') tab.isStarting = false;
  else if (act.startsWith('start') && tab.plan.locks !== 'shared')
    tab.isStarting = tab.auth.getSnapshot().status !== 'authenticated';
  if (act === 'close') closeTab(tab);
  else if (act === 'hide' || act === 'focus') {
    tab.page.hidden = act === 'hide';
    tab.page.fire('visibilitychange');
    if (act === 'focus') tab.page.fire('focus');
  } else if (act === 'closePopup') tab.popups.at(-1)?.close();
  else if (act === 'startInPopup') tally.count(`popup ${tab.auth.startInPopup().status}`);
  else tab.auth[act]();
}

function decide(world: TabsWorld, act: 'approve' | 'deny'): void {
  const { plex, code, tokens, tally } = world;
  if (code === undefined) return;
  try {
    if (act === 'deny') plex.deny(code);
    else {
      world.newest = plex.link(code);
      tokens.add(world.newest);
    }
    tally.count(`tab user ${act}`);
  } catch {}
}

function closeTab(tab: Tab): void {
  tab.isClosed = true;
  void tab.auth.dispose();
}

/** Where the tabs can agree, one of them shows a code at a time. */
function findTwoCodes({ plan, tabs }: TabsWorld): string | undefined {
  if (!canAgree(plan)) return undefined;
  const waiting = tabs.filter(
    ({ auth, isClosed }) => !isClosed && auth.getSnapshot().status === 'awaitingLink',
  );
  return waiting.length > 1 ? `${waiting.length} tabs wait for the user` : undefined;
}

function canAgree({ tabs }: TabsPlan): boolean {
  return tabs.every(({ locks, channel }) => locks === 'shared' && channel === 'shared');
}

/** Each tab ends signed in with a token of Plex's that still lives, signed out, or with a named error. */
async function findDisagreement(world: TabsWorld): Promise<string | undefined> {
  for (const [number, { auth, isClosed, isStarting }] of world.tabs.entries()) {
    if (isStarting && !isClosed) return `tab ${number} never started`;
    const saw = isClosed ? undefined : await misses(world, auth.getSnapshot());
    if (saw !== undefined) return `tab ${number} ${saw}`;
  }
  return undefined;
}

async function misses(
  { plan, plex, tokens, newest, held }: TabsWorld,
  view: PlexAuthView,
): Promise<string | undefined> {
  if (!['idle', 'authenticated', 'expired', 'failed'].includes(view.status))
    return `is still ${view.status}, and nothing more will happen`;
  if (view.status === 'failed' && !(view.error instanceof PlexAuthError))
    return `failed with ${String(view.error)}`;
  if (view.status !== 'authenticated') return undefined;
  const token = view.token.reveal();
  if (!tokens.has(token)) return 'holds a token that is none of Plex’s';
  // Nobody can know of a token that no tab has read, nor where there is no way between the tabs. Tabs without locks are on
  // their own: only a shared store shows one of them that another has signed in later.
  const isConnected = plan.tabs.every(({ channel }) => channel === 'shared');
  const isKnown = isConnected && (canAgree(plan) || plan.sharesToken) && held.has(newest ?? '');
  return isKnown && !(await isAlive(plex, token)) ? 'holds a token that is dead' : undefined;
}

async function isAlive(plex: SimulatedPlex, token: string): Promise<boolean> {
  const headers = new Headers({
    'X-Plex-Token': token,
    'X-Plex-Client-Identifier': clientIdentifier,
    Accept: 'application/json',
  });
  const url = 'https://plex.tv/api/v2/user';
  const answer = await plex.answer({
    operation: 'getUser',
    url,
    init: { headers },
    fault: undefined,
    signal: undefined,
  });
  return answer.status === 200;
}

function findLeftovers({ time, tabs, browser }: TabsWorld): string | undefined {
  const listeners = tabs.reduce((sum, { page }) => sum + page.listeners, 0);
  const left = {
    timers: time.timers,
    listeners,
    channels: browser.channels.size,
    locks: +browser.locks.isHeld,
  };
  const isNothing = Object.values(left).every((count) => count === 0);
  return isNothing ? undefined : `left after the end: ${JSON.stringify(left)}`;
}
