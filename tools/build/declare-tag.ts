import type { Plugin } from 'rolldown';

/** What defines the tag when it is imported, beside `element-define` itself. */
const defining = /^element(-(react|preact|solid))?\.d\.ts$/;

/**
 * Puts the import that gives `querySelector('plex-sign-in')` its type into the declarations of each subpath that defines the
 * tag: an import for its effect is lost when declarations are bundled.
 */
export function declareTagPlugin(): Plugin {
  return {
    name: 'declare-tag',
    generateBundle(_options, bundle) {
      for (const [file, chunk] of Object.entries(bundle))
        if (chunk.type === 'chunk' && defining.test(file))
          chunk.code = `import './element-define.js';\n${chunk.code}`;
    },
  };
}
