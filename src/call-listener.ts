/** Calls a listener. If it throws, its error is reported as an event listener's is, and nobody else notices. */
export function callListener(call: () => void): void {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
