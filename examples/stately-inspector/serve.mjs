// Serves the page and an emulated plex.tv: npm run build && node examples/stately-inspector/serve.mjs
import { fileURLToPath } from 'node:url';
import { context } from 'esbuild';
import { servePlexEmulator } from 'plex-auth-flow/testing';

const folder = fileURLToPath(new URL('.', import.meta.url));
const { url } = await servePlexEmulator();
const bundle = await context({
  entryPoints: [`${folder}/main.ts`],
  outdir: folder,
  write: false,
  bundle: true,
  format: 'esm',
  define: { PLEX_URL: JSON.stringify(url) },
});
const { port } = await bundle.serve({ servedir: folder, host: '127.0.0.1' });
console.log(`Page:     http://127.0.0.1:${port}/`);
console.log(`Emulator: ${url}`);
