/** Takes the place of the server wherever there is no Node. */
export function createAdaptorServer(): never {
  throw new Error('servePlexEmulator needs Node: use the fetch of createPlexEmulator() here');
}
