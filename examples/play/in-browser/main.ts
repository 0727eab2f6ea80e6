/** The playground on a site without a server: first the emulated plex.tv, then what signs in there. */
import { startEmulatorInPage } from './emulator-in-page.ts';

await startEmulatorInPage();
await import('../playground.ts');
