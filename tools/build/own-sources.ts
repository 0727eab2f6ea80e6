import type { Plugin } from 'rolldown';

interface SourceMap {
  readonly sources: readonly string[];
  sourcesContent: readonly (string | null)[];
}

/** Leaves the text of other packages out of the source maps: it is several times as long as what is built in of them. */
export function ownSourcesPlugin(): Plugin {
  return {
    name: 'own-sources',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset' || !file.fileName.endsWith('.map')) continue;
        const map = JSON.parse(String(file.source)) as SourceMap;
        map.sourcesContent = map.sourcesContent.map((text, index) =>
          map.sources[index]?.includes('node_modules/') ? null : text,
        );
        file.source = JSON.stringify(map);
      }
    },
  };
}
