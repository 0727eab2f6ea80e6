/** How a user's project can be set up. */
export interface Setting {
  readonly name: string;
  /** The files of `consumer` that it compiles. */
  readonly files: readonly string[];
  /** As in a tsconfig.json. */
  readonly compilerOptions: Readonly<Record<string, unknown>>;
  /** Whether a quick run compiles it: each way of finding modules, and each environment, once. */
  readonly isQuick: boolean;
}

const resolutions = [
  { moduleResolution: 'bundler', module: 'esnext' },
  { moduleResolution: 'node16', module: 'node16' },
  { moduleResolution: 'nodenext', module: 'nodenext' },
  { moduleResolution: 'node10', module: 'esnext' },
] as const;

const environments = [
  {
    name: 'a page and Node',
    lib: ['es2022', 'dom', 'dom.iterable'],
    types: ['node'],
    files: ['anywhere.ts', 'page.ts', 'server.ts'],
  },
  {
    name: 'a page alone',
    lib: ['es2022', 'dom', 'dom.iterable'],
    types: [],
    files: ['anywhere.ts', 'page.ts'],
  },
  { name: 'Node alone', lib: ['es2022'], types: ['node'], files: ['anywhere.ts', 'server.ts'] },
  {
    name: 'Cloudflare Workers',
    lib: ['es2022'],
    types: ['@cloudflare/workers-types'],
    files: ['anywhere.ts'],
  },
] as const;

/**
 * Every way of finding modules in every environment, strict in all.
 *
 * @param major The compiler's major version: the seventh no longer knows `node10`.
 * @param xstate The name of the package to use as xstate.
 */
export function settingsOf(major: number, xstate: string): Setting[] {
  return resolutions
    .filter(({ moduleResolution }) => major < 7 || moduleResolution !== 'node10')
    .flatMap((resolution) =>
      environments.map(({ name, files, lib, types }) => ({
        name: `${resolution.moduleResolution}, for ${name}`,
        files,
        isQuick: resolution === resolutions[0] || name === environments[0].name,
        compilerOptions: {
          ...resolution,
          lib,
          types,
          target: 'es2022',
          strict: true,
          noEmit: true,
          skipLibCheck: false,
          // The looser of the two kinds of project is checked where there is no page.
          exactOptionalPropertyTypes: lib.length > 1,
          ...(major === 6 && { ignoreDeprecations: '6.0' }),
          ...(xstate !== 'xstate' && { paths: { xstate: [`./node_modules/${xstate}/dist/xstate.cjs`] } }),
        },
      })),
    );
}
