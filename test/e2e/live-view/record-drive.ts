import { createInspectedFetch } from '../../../src/inspect/inspected-fetch.ts';
import type { InspectionMessage } from '../../../src/inspect/message.ts';
import { createRedactor } from '../../../src/inspect/redact.ts';
import { createStatelyConverter } from '../../../src/inspect/stately-converter.ts';
import {
  createPlexEmulator,
  createVirtualTime,
  type DrivePlexAuthOptions,
  drivePlexAuth,
  type PlexAuthDrive,
} from '../../../src/testing/index.ts';

/** A drive, and what an inspector tells of it. */
export interface RecordedDrive {
  readonly drive: PlexAuthDrive;
  readonly messages: readonly InspectionMessage[];
}

/** Drives a sign-in and takes down the inspector's messages, with the times of the drive. */
export async function recordDrive({
  emulatorOptions,
  ...options
}: DrivePlexAuthOptions): Promise<RecordedDrive> {
  const messages: InspectionMessage[] = [];
  const time = createVirtualTime();
  const now = () => time.clock.now();
  const emulator = createPlexEmulator({ random: () => 0, ...emulatorOptions, clock: time.clock });
  const { see, seeRequest } = createStatelyConverter(createRedactor(), now, (message) =>
    // As it comes over a wire.
    messages.push(JSON.parse(JSON.stringify(message))),
  );
  const fetch = createInspectedFetch({
    fetch: emulator.fetch,
    now,
    tell: seeRequest,
    contain: (watch) => watch(),
  });
  const drive = await drivePlexAuth({
    ...options,
    time,
    emulator: Object.assign(Object.create(emulator) as typeof emulator, { fetch }),
    options: { ...options.options, inspect: see },
  });
  return { drive, messages };
}
