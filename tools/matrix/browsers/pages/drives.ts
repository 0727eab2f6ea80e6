/** A page that runs the drives of the probe: virtual time must not depend on whose promises they are. */
import { driveChecks } from '../../probe/drives.ts';
import { type ProbeWorld, runChecks } from '../../probe/probe-check.ts';

const runDrives = (timelines: ProbeWorld['timelines']) =>
  runChecks(driveChecks, { controlURL: '', timelines });
Object.assign(window, { runDrives });
