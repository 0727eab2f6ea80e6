import type { Check } from '../check.ts';
import { toBundlerCheck } from './bundler-check.ts';
import { metroChecks } from './metro-check.ts';
import { toNextCheck } from './next-check.ts';

const everywhere = ['page', 'server'] as const;

/** Every bundler, in the order of the page. */
export const bundlerChecks: readonly Check[] = [
  toBundlerCheck({ name: 'vite-8', title: 'Vite 8', targets: everywhere }),
  toBundlerCheck({ name: 'vite-7', title: 'Vite 7', targets: everywhere }),
  toBundlerCheck({ name: 'webpack', title: 'webpack', targets: everywhere, isSlow: true }),
  toBundlerCheck({ name: 'rspack', title: 'Rspack', packageName: '@rspack/core', targets: everywhere }),
  toBundlerCheck({ name: 'rollup', title: 'Rollup', targets: everywhere, isSlow: true }),
  toBundlerCheck({ name: 'rolldown', title: 'Rolldown', targets: everywhere }),
  toBundlerCheck({ name: 'esbuild', title: 'esbuild', targets: everywhere }),
  toBundlerCheck({ name: 'bun-build', title: 'Bun’s bundler', packageName: 'bun', targets: everywhere }),
  toBundlerCheck({ name: 'parcel', title: 'Parcel', targets: ['page'], without: ['inspect', 'testing'] }),
  toBundlerCheck({
    name: 'parcel-exports',
    title: 'Parcel, with `packageExports`',
    packageName: 'parcel',
    script: 'parcel',
    settings: { '@parcel/resolver-default': { packageExports: true } },
    targets: ['page'],
    isSlow: true,
  }),
  toNextCheck('turbopack'),
  toNextCheck('webpack'),
  ...metroChecks,
];
