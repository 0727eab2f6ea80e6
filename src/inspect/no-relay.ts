import type { Relay } from './relay.ts';

/** Takes the place of the relay wherever there is no Node. */
export async function startRelay(): Promise<Relay> {
  throw new Error('Only Node can serve the live view');
}
