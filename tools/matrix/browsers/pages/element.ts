/** A page with the tag, set up by the parameters in its address; or with the one that the server wrote. */
import 'plex-auth-flow/element';

const query = new URLSearchParams(location.search);
const plexURL = query.get('plex') ?? '';
const tag = document.querySelector('plex-sign-in') ?? document.createElement('plex-sign-in');
const attributes = {
  product: 'Matrix',
  lang: 'en',
  mode: query.get('mode') ?? 'popup',
  look: query.get('look') ?? 'card',
  'server-url': plexURL,
  'auth-app-url': `${plexURL}/auth`,
};
for (const [name, value] of Object.entries(attributes)) tag.setAttribute(name, value);
const output = document.querySelector('output');
for (const name of ['authenticated', 'expired', 'failed'] as const) {
  tag.addEventListener(name, () => {
    if (output) output.textContent = name;
  });
}
if (!tag.isConnected) document.body.append(tag);

// In a sandbox nobody else can look into the page.
if (parent !== window) {
  setInterval(() => {
    const find = (id: string) => tag.shadowRoot?.getElementById(id);
    const { x = 0, y = 0, width = 0, height = 0 } = find('main')?.getBoundingClientRect() ?? {};
    const seen = { x: x + width / 2, y: y + height / 2, width, code: find('code')?.textContent };
    parent.postMessage({ ...seen, text: find('text')?.textContent, outcome: output?.textContent }, '*');
  }, 100);
}
