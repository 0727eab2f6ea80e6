/** A process that takes one event, never asks for the next one, and disposes of its fleet. Then nothing keeps it alive. */
import { createSharedPlexFleet } from '../../dist/bullmq.js';
import { createPlexEmulator } from '../../dist/testing.js';

const { fetch } = createPlexEmulator({ approveAfterMs: 0 });
const fleet = createSharedPlexFleet({ ...JSON.parse(process.argv[2]), fetch });
await fleet.start();
await fleet.events[Symbol.asyncIterator]().next();
await fleet.dispose();
