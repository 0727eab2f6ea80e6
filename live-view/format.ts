/** The name of an event in the chart: `START`, `getToken`, `getToken error`, `after pollDelay`. */
export function toEventLabel(type: string): string {
  return type
    .replace(/^xstate\.done\.actor\.(.+)$/, '$1')
    .replace(/^xstate\.error\.actor\.(.+)$/, '$1 error')
    .replace(/^xstate\.after\.([^.]+)\..*$/, 'after $1')
    .replace(/^xstate\.init$/, 'created')
    .replace(/^xstate\.stop$/, 'stopped')
    .replace(/^xstate\.promise\.(.+)$/, '$1');
}

/** Formats a moment of a flow: `0:01.02`, `1:00:01.02`, or `before` its start. */
export function clockTime(ms: number): string {
  if (ms < 0) return 'before';
  const hundredths = Math.round(ms / 10);
  const seconds = Math.floor(hundredths / 100);
  const minutes = Math.floor(seconds / 60) % 60;
  const hours = Math.floor(seconds / 3600);
  const two = (value: number) => String(value).padStart(2, '0');
  const front = hours > 0 ? `${hours}:${two(minutes)}` : String(minutes);
  return `${front}:${two(seconds % 60)}.${two(hundredths % 100)}`;
}

/** Formats the remaining time: `29:41`, `0:09`. Rounds up, so that `0:00` means over. */
export function timeLeft(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Formats a short duration: `0.8 s`, `12 s`. */
export function inSeconds(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}

/** Formats how long something took: `120 ms`, `1.4 s`. */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : inSeconds(ms);
}

export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
