/** The playground on a site without a server: first the emulated plex.tv, then what signs in there. */
import { startEmulatorInPage } from './emulator-in-page.ts';

document.documentElement.classList.add('in-page');
await startEmulatorInPage();
await import('../playground.ts');
