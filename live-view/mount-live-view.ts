import type { LiveView } from '../src/inspect/live-view-module.ts';
import { copyText, type Realm, saveFile } from './clipboard-and-download.ts';
import { setText } from './dom.ts';
import { toDriveTest } from './drive-test.ts';
import { toSVGFile } from './export-svg.ts';
import { clockTime, counted } from './format.ts';
import { createHistory, type History } from './history.ts';
import type { EventEntry } from './history-entry.ts';
import { createLiveViewScreen, type LiveViewScreen } from './live-view-screen.ts';
import { createMessageClock } from './message-clock.ts';
import { MovePlayer } from './move-player.ts';
import type { SignInState } from './sign-in-state.ts';
import { isRunning, phaseOf, statusOf, waitShareOf } from './status-text.ts';
import { TimelineCursor } from './timeline-cursor.ts';
import { listenForTimelineKeys } from './timeline-keys.ts';

/** How often a countdown is updated. */
const tickMs = 100;

/**
 * Mounts the view into a page, and takes all of it.
 *
 * Draws once a frame at most, and never while the page is hidden.
 *
 * @param document May belong to another window or frame.
 */
export function mountLiveView(document: Document): LiveView {
  const view = new MountedView(document);
  return {
    receive: (message) => view.receive(message),
    noteLost: (count) => view.noteLost(count),
    end: () => view.end(),
    close: () => view.close(),
  };
}

/** Connects the history, the cursor in it and the screen. */
class MountedView implements LiveView {
  readonly #document: Document;
  readonly #window: Realm;
  readonly #history = createHistory();
  readonly #cursor = new TimelineCursor(this.#history);
  readonly #clock = createMessageClock(() => this.#window.Date.now());
  readonly #screen: LiveViewScreen;
  readonly #player: MovePlayer;
  readonly #stopListening: () => void;
  #isEnded = false;
  #frame: number | undefined;
  #timer: number | undefined;
  /** The last announcement to screen readers. */
  #phase = '';
  #releaseSaved = (): void => {};

  constructor(document: Document) {
    this.#document = document;
    this.#window = document.defaultView as Realm;
    this.#screen = this.#createScreen();
    this.#player = new MovePlayer(
      this.#window,
      (entry) => this.#screen.chart.show(entry),
      () => this.#schedule(),
    );
    this.#stopListening = this.#listen();
    this.#schedule();
  }

  receive(message: unknown): void {
    if (!this.#history.receive(message)) return;
    this.#clock.compare((Object(message) as { createdAt?: unknown }).createdAt);
    this.#isEnded = false;
    this.#schedule();
  }

  noteLost(count: number): void {
    this.#history.noteLost(count);
    this.#schedule();
  }

  end(): void {
    this.#isEnded = true;
    // At once: if the page of the program goes, this window gets no further frame.
    if (this.#frame !== undefined) this.#window.cancelAnimationFrame(this.#frame);
    this.#draw();
  }

  close(): void {
    this.#window.clearTimeout(this.#timer);
    if (this.#frame !== undefined) this.#window.cancelAnimationFrame(this.#frame);
    this.#player.close();
    this.#stopListening();
    this.#releaseSaved();
    this.#screen.remove();
  }

  #createScreen(): LiveViewScreen {
    const moveTo = (place: number) => this.#moveTo(place);
    return createLiveViewScreen(this.#document, this.#cursor.filter, {
      onFilter: (filter) => this.#change(() => (this.#cursor.filter = filter)),
      onReplay: () => this.#toggleReplay(),
      timeline: {
        onPick: moveTo,
        onFold: (place) => this.#change(() => this.#cursor.toggleFold(place)),
      },
      toolbar: {
        onPick: (number) => this.#change(() => this.#cursor.pickSignIn(number)),
        onCopy: () => void this.#copyTest(),
        onSave: () => this.#savePicture(),
      },
      scrubber: {
        onMove: moveTo,
        onStep: (by) => this.#stepBy(by),
        onPause: () => (this.#cursor.isLive ? this.#change(() => this.#cursor.pause()) : this.#goLive()),
        onLive: () => this.#goLive(),
      },
    });
  }

  #listen(): () => void {
    const schedule = () => this.#schedule();
    const stopKeys = listenForTimelineKeys(this.#document, {
      onStep: (by) => this.#stepBy(by),
      onFirst: () => this.#moveTo(0),
      onNewest: () => this.#goLive(),
    });
    this.#document.addEventListener('visibilitychange', schedule);
    this.#window.addEventListener('resize', schedule);
    return () => {
      stopKeys();
      this.#document.removeEventListener('visibilitychange', schedule);
      this.#window.removeEventListener('resize', schedule);
    };
  }

  #change(change: () => void): void {
    change();
    this.#schedule();
  }

  #schedule(): void {
    if (this.#frame !== undefined || this.#document.hidden) return;
    this.#frame = this.#window.requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#frame = undefined;
    const [cursor, screen] = [this.#cursor, this.#screen];
    cursor.refresh();
    const { rows, signIn, place, entry, isLive, newerCount: newer } = cursor;
    this.#drawTime(entry);
    if (isLive) this.#player.follow(this.#history, entry);
    else this.#player.jumpTo(entry);
    screen.chart.showReplay(this.#player.isReplaying ? 'running' : canReplay(entry) ? 'possible' : 'none');
    screen.toolbar.show(this.#history.signIns, signIn);
    const missing = describeMissing(this.#history, rows.length);
    screen.missing.hidden = missing === '';
    setText(screen.missing, missing);
    const text = rows.length === 0 ? '' : clockTime(cursor.atMs - (signIn?.startMs ?? 0));
    screen.scrubber.show({ place, count: rows.length, isLive, isEnded: this.#isEnded, newer, text });
    // Last, because it scrolls: the browser then computes the layout of all the rest once.
    const isPlain = !cursor.filter.details;
    screen.timeline.show({ rows, isPlain, signIn, place, isFoldedAt: (at) => cursor.isFoldedAt(at) });
  }

  /** Draws what changes as time goes by. */
  #drawTime(entry: EventEntry | undefined): void {
    this.#window.clearTimeout(this.#timer);
    const { isLive, atMs } = this.#cursor;
    const state = this.#isEnded && isLive ? endedState(entry?.state) : entry?.state;
    const nowMs = isLive ? this.#clock.now() : atMs;
    const { status } = this.#screen;
    status.show(state && statusOf(state, nowMs), state && waitShareOf(state, nowMs));
    const phase = state && isLive ? phaseOf(state) : this.#phase;
    if (phase !== this.#phase) status.say(phase);
    this.#phase = phase;
    if (isLive && state && isRunning(state) && !this.#document.hidden)
      this.#timer = this.#window.setTimeout(() => this.#drawTime(this.#cursor.entry), tickMs);
  }

  #moveTo(place: number): void {
    if (!this.#cursor.moveTo(place)) return;
    this.#screen.timeline.reveal(place);
    this.#schedule();
  }

  #stepBy(by: number): void {
    const { place, rows, isLive } = this.#cursor;
    if (!isLive && place + by > rows.length - 1) this.#goLive();
    else this.#moveTo(Math.max(0, place + by));
  }

  #goLive(): void {
    this.#cursor.goLive();
    this.#screen.timeline.follow();
    this.#schedule();
  }

  #toggleReplay(): void {
    const { entry } = this.#cursor;
    if (this.#player.isReplaying) this.#player.stopReplay();
    else if (entry) this.#player.replay(this.#history, entry);
  }

  async #copyTest(): Promise<void> {
    const { toolbar, status } = this.#screen;
    const isCopied = await copyText(this.#document, toDriveTest(this.#history, this.#cursor.signIn));
    toolbar.confirm('copy', isCopied ? 'Copied' : 'Not allowed');
    status.say(isCopied ? 'The test is on the clipboard' : 'The browser does not allow copying here');
  }

  #savePicture(): void {
    this.#releaseSaved();
    const { chart, toolbar } = this.#screen;
    const svg = toSVGFile(this.#document, chart.picture());
    this.#releaseSaved = saveFile(this.#document, 'pin-auth.svg', 'image/svg+xml', svg);
    toolbar.confirm('save', 'Saved');
  }
}

/** Whether there is a way to show: the sign-in has left its first state. */
function canReplay(entry: EventEntry | undefined): boolean {
  return entry?.before !== undefined;
}

function endedState(state: SignInState | undefined): SignInState | undefined {
  return state && { ...state, endedBy: state.endedBy ?? 'program' };
}

/** Says what the timeline leaves out. Empty if it shows everything. */
function describeMissing({ entries, dropped, lost }: History, rowCount: number): string {
  const sentences = [
    rowCount === 0 && entries.length > 0 && 'Everything is hidden by the filters above.',
    dropped > 0 && `The last ${entries.length} entries are kept; ${dropped} older ones are gone.`,
    lost > 0 &&
      `${counted(lost, 'message')} came before this view was open, and ${lost === 1 ? 'is' : 'are'} gone.`,
  ];
  return sentences.filter(Boolean).join(' ');
}
