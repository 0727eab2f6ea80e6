import { dirname } from 'node:path';

/** The packages are installed beside the app. */
const root = dirname(import.meta.dirname);

export default { turbopack: { root }, outputFileTracingRoot: root };
