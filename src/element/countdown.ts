import type { Clock } from '../ports.ts';
import { toDurationWords } from './duration-words.ts';

const minuteMs = 60_000;
/** How often the ring moves while minutes are shown. A minute is a multiple of it, so that no minute is late. */
const stepMs = 5000;
/** When a screen reader says how much time is left. */
const saidAtMs = [5 * minuteMs, minuteMs];

/** What a countdown needs. */
interface CountdownOptions {
  /** The engine's clock. */
  readonly clock: Clock;
  /** When the code ends, in milliseconds since the epoch by that clock. */
  readonly expiresAtMs: number;
  /** How long the code lives in all, in milliseconds. Default: as long as it has left. */
  readonly lifeMs: number | undefined;
  readonly root: ShadowRoot;
  readonly language: string;
  /** The sentence that the time stands in. */
  readonly timeLeft: string;
}

/**
 * Shows how much time is left: every 5 s, and every second at the end.
 *
 * A timer, and no CSS animation: that would paint a ring 60 times a second for half an hour, on a television too. A page
 * that nobody sees runs neither.
 *
 * @returns Ends it.
 */
export function countDown(options: CountdownOptions): () => void {
  const { clock, expiresAtMs, root, language, timeLeft } = options;
  // Not the global one, which is gone when a test is torn down.
  const { ownerDocument: document } = root;
  const msLeft = () => Math.max(0, expiresAtMs - clock.now());
  const lifeMs = options.lifeMs || msLeft();
  let lastMs = msLeft();
  let timer: unknown;

  function write(id: string, text: string): void {
    const node = root.getElementById(id);
    if (!node) return;
    node.textContent = text;
    node.hidden = !text;
  }

  function show(): void {
    clock.clearTimeout(timer);
    if (document.hidden) return;
    const leftMs = msLeft();
    const { whole, short, count, unit } = toTimeWords(leftMs, language);
    write('number', count);
    write('unit', unit);
    // Beside the words of `look="button"`.
    write('left', ` · ${short}`);
    const sentence = timeLeft.replace('{time}', whole);
    write('note', sentence);
    const arc = root.getElementById('arc');
    if (arc) arc.style.strokeDasharray = `${Math.min(1, leftMs / lifeMs)} 2`;
    const live = root.getElementById('live');
    if (live && saidAtMs.some((ms) => leftMs <= ms && lastMs > ms)) live.textContent = sentence;
    lastMs = leftMs;
    const everyMs = leftMs > minuteMs ? stepMs : 1000;
    if (leftMs > 0) timer = clock.setTimeout(show, leftMs % everyMs || everyMs);
  }

  document.addEventListener('visibilitychange', show);
  show();
  return () => {
    document.removeEventListener('visibilitychange', show);
    clock.clearTimeout(timer);
    for (const id of ['number', 'unit', 'note', 'left']) write(id, '');
  };
}

/** The time in words of the language, and in the two parts that fit into a ring. */
export function toTimeWords(
  leftMs: number,
  language: string,
): { whole: string; short: string; count: string; unit: string } {
  // Arabic units are one letter in short, too small to read; in long, one and two are said by the unit alone.
  const parts = toDurationWords(leftMs, language, language === 'ar' ? 'long' : 'short', (format, count) =>
    format.formatToParts(count),
  );
  const textOf = (wanted: string) => parts.find(({ type }) => type === wanted)?.value ?? '';
  return {
    whole: toDurationWords(leftMs, language),
    short: toDurationWords(leftMs, language, 'short'),
    count: textOf('integer'),
    unit: textOf('unit'),
  };
}
