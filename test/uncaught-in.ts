/** What came to the surface as an uncaught exception meanwhile. RxJS reports in a timer's turn. */
export async function uncaughtIn(work: () => Promise<unknown>): Promise<unknown[]> {
  const before = process.listeners('uncaughtException');
  const uncaught: unknown[] = [];
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => uncaught.push(error));
  try {
    await work();
    await new Promise((resolve) => setTimeout(resolve));
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of before) process.on('uncaughtException', listener);
  }
  return uncaught;
}
