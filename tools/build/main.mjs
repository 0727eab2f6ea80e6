/** `npm run build`, after `tsc`: builds every bundle of the configuration, and prints nothing unless something is wrong. */
import { build } from 'rolldown';
import { loadConfig } from 'rolldown/config';
import { writeSubpathFolders } from './subpath-folders.mjs';

const bundles = await loadConfig('tools/build/rolldown.config.ts');
for (const bundle of bundles) await build({ ...bundle, logLevel: 'warn' });
writeSubpathFolders();
