/** Stands in for a server where no Node is. */
export function createAdaptorServer(): never {
  throw new Error('servePlexEmulator needs Node: use the fetch of createPlexEmulator() here');
}
