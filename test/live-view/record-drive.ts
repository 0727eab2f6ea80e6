import { createInspectedFetch } from '../../src/inspect/inspected-fetch.ts';
import type { InspectionMessage } from '../../src/inspect/message.ts';
import { createRedactor } from '../../src/inspect/redact.ts';
import { createStatelyConverter } from '../../src/inspect/stately-converter.ts';
import { type DrivePlexAuthOptions, drivePlexAuth, type PlexAuthDrive } from '../../src/testing/index.ts';

/** A drive, and the messages of its inspector. */
export interface RecordedDrive {
  readonly drive: PlexAuthDrive;
  readonly messages: readonly InspectionMessage[];
}

/** Drives a sign-in and takes down the inspector's messages, with the times of the drive. */
export async function recordDrive(options: DrivePlexAuthOptions): Promise<RecordedDrive> {
  const messages: InspectionMessage[] = [];
  const drive = await drivePlexAuth({
    ...options,
    inspector({ fetch, clock }) {
      const now = () => clock.now();
      const { convert, convertRequest } = createStatelyConverter(createRedactor(), now, (message) =>
        // As it comes over a wire.
        messages.push(JSON.parse(JSON.stringify(message))),
      );
      return {
        inspect: convert,
        fetch: createInspectedFetch({ fetch, now, report: convertRequest, contain: (watch) => watch() }),
      };
    },
  });
  return { drive, messages };
}
