/** Takes the place of the server wherever there is no Node. */
export function createAdaptorServer(): never {
  throw new Error('servePlexEmulator needs Node: use the fetch of createPlexEmulator() here');
}

/** Parcel refuses a bundle in which a name is read that this file does not have. */
export const RESPONSE_ALREADY_SENT = undefined;
