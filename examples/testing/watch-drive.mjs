/** Shows a driven sign-in in the live view: run node watch-drive.mjs and open the address that it prints. Ctrl-C stops it. */
import { createPlexInspector } from 'plex-auth-flow/inspect';
import { drivePlexAuth } from 'plex-auth-flow/testing';

let inspector;
await drivePlexAuth({
  script: [
    { atMs: 40_000, untilMs: 50_000, network: 'down' },
    { atMs: 60_000, user: 'approve' },
  ],
  inspector: (parts) => (inspector = createPlexInspector(parts)),
});
console.log('Live view:', await inspector.url);
setInterval(() => {}, 60_000); // keeps the process alive, which an inspector does not
