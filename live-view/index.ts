import type { LiveView } from '../src/inspect/live-view-module.ts';
import { createChartView } from './chart-view.ts';
import { toDriveTest } from './drive-test.ts';
import { toSVGFile } from './export-svg.ts';
import type { SignInFacts } from './facts.ts';
import { createFilterView } from './filter-view.ts';
import {
  createHistory,
  type EventEntry,
  factsAt,
  type History,
  type PollRun,
  type SignIn,
} from './history.ts';
import { make, setText } from './nodes.ts';
import { createScrubberView } from './scrubber-view.ts';
import { phaseOf, runs, statusOf, waitShareOf } from './status-text.ts';
import { createStatusView } from './status-view.ts';
import { addStyles } from './styles.ts';
import { copyText, type Realm, saveFile } from './take-away.ts';
import { indexOfRow, rowAt, rowsOf, type TimelineFilter, type TimelineRow } from './timeline-rows.ts';
import { createTimelineView } from './timeline-view.ts';
import { createToolbarView } from './toolbar-view.ts';
import { clockTime, counted } from './words.ts';

/** How often a countdown is written anew. */
const tickMs = 100;
/** Messages that are further away come from a clock of their own, such as a test's. */
const foreignClockMs = 86_400_000;

/**
 * Mounts the view into a page, which it takes as a whole.
 *
 * It draws once a frame at most, and nothing while the page is hidden.
 *
 * @param document May be of another window or frame.
 */
export function mountLiveView(document: Document): LiveView {
  const view = document.defaultView as Realm;
  const history = createHistory();
  const unfolded = new Set<PollRun>();
  let filter: TimelineFilter = { events: true, states: true, requests: true, others: true };
  let signIn: SignIn | undefined;
  let isPicked = false;
  let isEnded = false;
  /** The entry that is looked at; the newest where there is none. */
  let looked: number | undefined;
  let rows: readonly TimelineRow[] = [];
  let frame: number | undefined;
  let timer: number | undefined;
  let clockOffMs = 0;
  let phase = '';
  let endSave = () => {};

  const removeStyles = addStyles(document);
  const status = createStatusView(document);
  const chart = createChartView(document);
  const timeline = createTimelineView(document, { onPick: look, onFold: fold });
  const filters = createFilterView(document, filter, (next) => {
    filter = next;
    schedule();
  });
  const toolbar = createToolbarView(document, { onPick: pick, onCopy: copy, onSave: save });
  const scrubber = createScrubberView(document, {
    onMove: look,
    onStep: step,
    onPause: () => (looked === undefined ? pause() : goLive()),
    onLive: goLive,
  });
  const lost = make(document, 'p', { class: 'lost', hidden: '' });
  chart.element.classList.add('card');
  const log = make(document, 'section', { class: 'log card', 'aria-label': 'What happened' }, filters, lost);
  log.append(timeline.element);
  const page = make(document, 'main', { id: 'live-view' }, toolbar.element, status.element);
  page.append(chart.element, log, scrubber.element);
  const viewport = make(document, 'meta', { name: 'viewport', content: 'width=device-width' });
  document.title ||= 'Plex sign-in';
  document.documentElement.lang ||= 'en';
  document.head.append(viewport);
  document.body.append(page);

  const isReachable = () => !document.hidden;
  const now = () => view.Date.now() + clockOffMs;

  function schedule(): void {
    if (frame === undefined && isReachable()) frame = view.requestAnimationFrame(draw);
  }

  function draw(): void {
    frame = undefined;
    const newest = history.signIns.at(-1);
    if (!isPicked || !signIn) signIn = newest;
    rows = rowsOf(history, signIn, filter, unfolded);
    const selected = looked === undefined ? rows.length - 1 : rowAt(rows, history, looked);
    const entry = shownEntry();
    drawTime(entry);
    chart.show(entry);
    toolbar.show(history.signIns, signIn);
    const missing = wordsForMissing(history, rows);
    lost.hidden = missing === '';
    setText(lost, missing);
    const newer = looked === undefined ? 0 : history.dropped + history.entries.length - 1 - looked;
    const text = clockTime(shownAtMs() - (signIn?.startMs ?? 0));
    scrubber.show({
      place: selected,
      count: rows.length,
      isLive: looked === undefined,
      isEnded,
      newer,
      text: rows.length === 0 ? '' : text,
    });
    // Last, since it scrolls: what is written before is laid out then, once.
    timeline.show(rows, signIn, selected, foldOf);
  }

  /** What changes by itself as time goes by. */
  function drawTime(entry: EventEntry | undefined): void {
    view.clearTimeout(timer);
    const isLive = looked === undefined;
    const facts = isEnded && isLive && entry?.facts ? endedWith(entry.facts) : entry?.facts;
    const nowMs = isLive ? now() : shownAtMs();
    status.show(facts && statusOf(facts, nowMs), facts && waitShareOf(facts, nowMs));
    const nextPhase = facts && isLive ? phaseOf(facts) : phase;
    if (nextPhase !== phase) status.say(nextPhase);
    phase = nextPhase;
    if (isLive && facts && runs(facts) && isReachable())
      timer = view.setTimeout(() => drawTime(shownEntry()), tickMs);
  }

  function shownEntry(): EventEntry | undefined {
    return signIn && factsAt(history, signIn, lookedIndex());
  }

  function lookedIndex(): number {
    return looked ?? history.dropped + history.entries.length - 1;
  }

  function shownAtMs(): number {
    const entry = history.entries[Math.max(0, lookedIndex() - history.dropped)];
    return entry?.atMs ?? signIn?.startMs ?? 0;
  }

  /** Folded polls stand as one line; the first of unfolded ones can fold them again. */
  function foldOf(place: number): boolean | undefined {
    const row = rows[place];
    if (row?.kind === 'polls') return true;
    const before = rows[place - 1];
    const isFirst =
      row?.polls && unfolded.has(row.polls) && (before as typeof row | undefined)?.polls !== row.polls;
    return isFirst ? false : undefined;
  }

  function fold(place: number): void {
    const row = rows[place];
    const polls = row?.kind === 'polls' ? row : row?.polls;
    if (!polls || foldOf(place) === undefined) return;
    if (!unfolded.delete(polls)) unfolded.add(polls);
    schedule();
  }

  function look(place: number): void {
    const row = rows[place];
    if (!row) return;
    looked = indexOfRow(row, history);
    timeline.reveal(place);
    schedule();
  }

  function step(by: number): void {
    const place = looked === undefined ? rows.length - 1 : rowAt(rows, history, looked);
    if (looked !== undefined && place + by > rows.length - 1) goLive();
    else look(Math.max(0, place + by));
  }

  function pause(): void {
    looked = lookedIndex();
    schedule();
  }

  function goLive(): void {
    looked = undefined;
    timeline.follow();
    schedule();
  }

  function pick(number: number): void {
    signIn = history.signIns.find((one) => one.number === number);
    isPicked = signIn !== history.signIns.at(-1);
    schedule();
  }

  async function copy(): Promise<void> {
    const isCopied = await copyText(document, toDriveTest(history, signIn));
    toolbar.confirm('copy', isCopied ? 'Copied' : 'Not allowed here');
    status.say(isCopied ? 'The test is on the clipboard' : 'The browser does not allow to copy here');
  }

  function save(): void {
    endSave();
    endSave = saveFile(document, 'pin-auth.svg', 'image/svg+xml', toSVGFile(document, chart.picture()));
    toolbar.confirm('save', 'Saved');
  }

  function onKey(event: KeyboardEvent): void {
    const { key, target, altKey, ctrlKey, metaKey, shiftKey } = event;
    if (altKey || ctrlKey || metaKey || shiftKey || event.defaultPrevented) return;
    const { localName } = target as Element;
    const isList = (target as Element).closest?.('.rows') !== null;
    if (localName === 'select' || localName === 'input') return;
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ...(isList && listSteps) };
    const by = steps[key];
    if (by === undefined) return;
    event.preventDefault();
    if (Number.isFinite(by)) step(by);
    else if (by > 0) goLive();
    else look(0);
  }

  document.addEventListener('keydown', onKey);
  document.addEventListener('visibilitychange', schedule);
  view.addEventListener('resize', schedule);
  schedule();

  return {
    receive(message) {
      const { createdAt } = Object(message) as { createdAt?: unknown };
      if (!history.receive(message)) return;
      const offMs = Number(createdAt) - view.Date.now();
      clockOffMs = offMs > 0 || offMs < -foreignClockMs ? offMs : 0;
      isEnded = false;
      schedule();
    },
    noteLost(count) {
      history.noteLost(count);
      schedule();
    },
    end() {
      isEnded = true;
      // At once: where it is the page of the program that goes, no frame of it comes any more.
      if (frame !== undefined) view.cancelAnimationFrame(frame);
      draw();
    },
    close() {
      view.clearTimeout(timer);
      if (frame !== undefined) view.cancelAnimationFrame(frame);
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('visibilitychange', schedule);
      view.removeEventListener('resize', schedule);
      timeline.close();
      toolbar.close();
      endSave();
      page.remove();
      viewport.remove();
      removeStyles();
    },
  };
}

function endedWith(facts: SignInFacts): SignInFacts {
  return { ...facts, endedBy: facts.endedBy ?? 'program' };
}

/** Says what of the timeline is missing; empty where nothing is. */
function wordsForMissing({ entries, dropped, lost }: History, rows: readonly TimelineRow[]): string {
  const words = [
    rows.length === 0 && entries.length > 0 && 'Nothing of it is chosen to be shown.',
    dropped > 0 && `The last ${entries.length} entries are kept; ${dropped} older ones are gone.`,
    lost > 0 &&
      `${counted(lost, 'message')} came before this view was there, and ${lost === 1 ? 'is' : 'are'} gone.`,
  ];
  return words.filter(Boolean).join(' ');
}

/** What keys do within the timeline. */
const listSteps: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  PageUp: -10,
  PageDown: 10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};
