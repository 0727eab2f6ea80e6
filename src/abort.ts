/** Says why a signal was aborted. Before Chrome 98 and Safari 15.4 a signal has no `reason`: an `AbortError` stands in. */
export function reasonOf(signal: AbortSignal): unknown {
  return signal.reason === undefined ? toAbortError('This operation was aborted') : signal.reason;
}

/** Makes the error of an abort. React Native has no `DOMException`. */
export function toAbortError(message: string): Error {
  return typeof DOMException === 'function'
    ? new DOMException(message, 'AbortError')
    : Object.assign(new Error(message), { name: 'AbortError' });
}
