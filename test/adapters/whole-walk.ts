import type { PlexEmulatorOptions } from '../../src/testing/index.ts';
import { createFlow, createWorld, type Flow } from '../fixture/create-flow.ts';

/** A flow whose views begin with the first, as an adapter shows it. */
export function createRecordedFlow(emulatorOptions?: PlexEmulatorOptions): Flow {
  const flow = createFlow({}, createWorld(emulatorOptions));
  flow.views.push(flow.auth.getSnapshot());
  return flow;
}

/** From `idle` through a whole session to `idle`, or as far as the flow lets itself be driven. */
export async function walk({ auth, emulator, time }: Flow): Promise<void> {
  auth.start();
  await time.advance(1500);
  const view = auth.getSnapshot();
  if (view.status === 'awaitingLink') emulator.link(view.code);
  await time.advance(1500);
  auth.signOut();
  await time.advance(500);
}
