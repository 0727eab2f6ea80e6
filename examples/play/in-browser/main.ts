/** The playground on a site without a server: first the emulated plex.tv, then what signs in there. */
import { startEmulatorInPage } from './emulator-in-page.ts';

document.documentElement.classList.add('in-page');
if (await startEmulatorInPage().catch(() => false)) {
  await import('../playground.ts');
  hidePicture();
} else {
  write('#hint', '');
  write(
    '#refusal',
    'This browser runs no service worker here, which the emulated plex.tv needs. Try another window.',
  );
}

function write(selector: string, text: string): void {
  const node = document.querySelector(selector);
  if (node) node.textContent = text;
}

/** No phone reaches an emulator that is in this page: its code is not to be scanned. */
function hidePicture(): void {
  const styles = new CSSStyleSheet();
  styles.replaceSync(`#scan{display:none!important}
    #card[data-steps='']{grid-template-columns:1fr!important}
    [data-steps='']>#body>:is(#note,#actions){grid-column:1!important;justify-self:center;justify-content:center}`);
  document.querySelector('plex-sign-in')?.shadowRoot?.adoptedStyleSheets.push(styles);
}
