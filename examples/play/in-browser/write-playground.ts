import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bundlePlay } from '../bundle-play.ts';
import { createPlaygroundFiles } from '../playground-files.ts';

/** Writes the playground into a folder of a site that needs no server: its emulated plex.tv is in the page. */
export async function writePlayground(folder: string): Promise<void> {
  const [pages, scripts] = await Promise.all([
    createPlaygroundFiles('', '../'),
    bundlePlay(['examples/play/in-browser/main.ts'], 'plex'),
  ]);
  for (const [path, text] of [...pages, ...scripts]) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text.replace('src="play/playground.js"', 'src="play/in-browser/main.js"'));
  }
  await copyFile('examples/play/in-browser/service-worker.js', join(folder, 'service-worker.js'));
}
