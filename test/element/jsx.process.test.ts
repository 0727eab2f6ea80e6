/** Small applications with the tag, in the types of each framework, as a user's compiler reads the built package. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import packageJSON from '../../package.json' with { type: 'json' };

const run = promisify(execFile);
const folder = resolve('node_modules/.cache/plex-auth-flow/jsx');

const ownPaths = Object.entries(packageJSON.exports)
  .filter(([, target]) => target.endsWith('.js'))
  .map(([subpath, target]) => [join('plex-auth-flow', subpath), [resolve(target.replace(/js$/, 'd.ts'))]]);

interface App {
  readonly code: string;
  /** Where the framework's JSX comes from. */
  readonly jsxImportSource?: string;
  /** Other folders than those in `node_modules`, by the name that the application imports. */
  readonly packages?: Record<string, string>;
}

/** What every framework's application holds: what is right, and what a compiler must refuse. */
const usesOf = (on: string) => `
<plex-sign-in product="My App" mode="redirect" lang="de" auth={auth} options={{ credentials: localStorage }} id="x"
  ${on}authenticated={({ detail }) => detail.token.reveal()} ${on}failed={({ detail }) => detail.error.code} />;
<plex-sign-in backend-url="/auth/plex" ${on}authenticated={({ detail }) => detail.user.username} />;
// @ts-expect-error no such mode
<plex-sign-in product="My App" mode="window" />;
// @ts-expect-error no such attribute
<plex-sign-in product="My App" backendurl="/auth/plex" />;
// @ts-expect-error with a server of one's own there is no token
<plex-sign-in backend-url="/auth/plex" ${on}authenticated={({ detail }) => detail.token.reveal()} />;
`;

const inPage = `
import { createBrowserPlexAuth } from 'plex-auth-flow/browser';
const auth = createBrowserPlexAuth({ product: 'My App' });
document.querySelector('plex-sign-in')?.focus();
`;

const react18 = {
  react: 'node_modules/react-types-18/index.d.ts',
  'react/jsx-runtime': 'node_modules/react-types-18/jsx-runtime.d.ts',
};
const preact10 = {
  preact: 'node_modules/preact-10/src/index.d.ts',
  'preact/jsx-runtime': 'node_modules/preact-10/jsx-runtime/src/index.d.ts',
  'preact/hooks': 'node_modules/preact-10/hooks/src/index.d.ts',
};

const preactCode = `
import 'plex-auth-flow/element/preact';
import { createRef } from 'preact';
import type { PlexSignIn } from 'plex-auth-flow/element/class';
${inPage}${usesOf('on')}
const ref = createRef<PlexSignIn>();
<plex-sign-in ref={ref} product="My App" class="wide" />;
`;

/** The documentation's snippets with JSX, in the order of the page. */
const [reactSnippet = '', preactSnippet = '', solidSnippet = ''] = Array.from(
  readFileSync('docs/element-in-frameworks.md', 'utf8').matchAll(/```tsx\n([\s\S]*?)```/g),
  ([, code]) => code ?? '',
);

const apps: Record<string, App> = {
  'the documentation’s Solid': { jsxImportSource: 'solid-js', code: solidSnippet },
  'the documentation’s React': { jsxImportSource: 'react', code: reactSnippet },
  'the documentation’s Preact': { jsxImportSource: 'preact', code: preactSnippet },
  'react 19': {
    jsxImportSource: 'react',
    code: `
import 'plex-auth-flow/element/react';
import { useRef } from 'react';
import type { PlexSignIn } from 'plex-auth-flow/element/class';
${inPage}${usesOf('on')}
export function Login() {
  const ref = useRef<PlexSignIn>(null);
  return <plex-sign-in ref={ref} key="1" className="wide" product="My App" />;
}`,
  },
  'react 18': {
    jsxImportSource: 'react',
    packages: react18,
    code: `
import 'plex-auth-flow/element/react';
import { useEffect, useRef } from 'react';
import type { PlexSignIn } from 'plex-auth-flow/element/class';
${inPage}
<plex-sign-in product="My App" mode="code" />;
// @ts-expect-error React 18 would write the object into an attribute
<plex-sign-in product="My App" auth={auth} />;
// @ts-expect-error React 18 calls no listener of an event that it does not know
<plex-sign-in product="My App" onauthenticated={() => {}} />;
export function Login() {
  const ref = useRef<PlexSignIn>(null);
  useEffect(() => {
    if (ref.current) ref.current.auth = auth;
    ref.current?.addEventListener('authenticated', ({ detail }) => detail.token.reveal());
  }, []);
  return <plex-sign-in ref={ref} product="My App" />;
}`,
  },
  'preact 11': { jsxImportSource: 'preact', code: preactCode },
  'preact 10': { jsxImportSource: 'preact', code: preactCode, packages: preact10 },
  solid: {
    jsxImportSource: 'solid-js',
    code: `
import 'plex-auth-flow/element/solid';
import type { PlexSignIn } from 'plex-auth-flow/element/class';
${inPage}${usesOf('on:')}
let element: PlexSignIn | undefined;
<plex-sign-in ref={element} product="My App" class="wide" />;
`,
  },
  'no framework': {
    code: `
import 'plex-auth-flow/element';
import type { BackendSignInEventMap } from 'plex-auth-flow/element';
${inPage}
const element = document.querySelector('plex-sign-in');
if (element) element.auth = auth;
element?.addEventListener('authenticated', ({ detail }) => detail.token.reveal());
element?.addEventListener('failed', function ({ detail }) { this.product = detail.error.message; });
element?.addEventListener('authenticated', ({ detail }: BackendSignInEventMap['authenticated']) => detail.user.username);
element?.addEventListener('click', (event) => event.clientX, { once: true });
element?.addEventListener('my-own', (event) => event.type);
element?.addEventListener('expired', { handleEvent: (event: Event) => event.type });
// @ts-expect-error the user has no such field
element?.addEventListener('authenticated', ({ detail }: BackendSignInEventMap['authenticated']) => detail.token);
`,
  },
  'the class alone': {
    code: `
import { PlexSignIn } from 'plex-auth-flow/element/class';
class MySignIn extends PlexSignIn {
  constructor() {
    super();
    this.addEventListener('expired', ({ detail }) => console.log(detail.reason));
  }
}
customElements.define('my-sign-in', MySignIn);
`,
  },
};

const { resolve: resolveHere } = createRequire(import.meta.url);
const compilers = {
  'TypeScript 7': resolve('node_modules/typescript/bin/tsc'),
  // The one that reads the packed package in `npm run check`.
  'TypeScript 5.6': createRequire(resolveHere('@arethetypeswrong/core')).resolve('typescript/bin/tsc'),
} as const;

/** The older one takes ten times as long: it reads one application with JSX, and one without. */
const compilations: readonly (readonly [compiler: keyof typeof compilers, app: string])[] = [
  ...Object.keys(apps).map((name) => ['TypeScript 7', name] as const),
  ['TypeScript 5.6', 'react 18'],
  ['TypeScript 5.6', 'no framework'],
];

describe('the types of <plex-sign-in>', () => {
  it.each(compilations)('are right by %s in an application with %s', async (compiler, name) => {
    const { code, jsxImportSource, packages = {} } = apps[name] ?? { code: '' };
    expect(code).not.toBe('');
    const place = join(folder, `${name}-${compiler}`.replace(/[^\w.]+/g, '-'));
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'app.tsx'), `${code}\nexport {};\n`);
    const others = Object.entries(packages).map(([found, path]) => [found, [resolve(path)]]);
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      // The declarations of a framework are its own affair.
      skipLibCheck: true,
      target: 'es2022',
      module: 'esnext',
      moduleResolution: 'bundler',
      lib: ['es2023', 'dom', 'dom.iterable'],
      types: [],
      jsx: jsxImportSource === 'solid-js' ? 'preserve' : 'react-jsx',
      ...(jsxImportSource && { jsxImportSource }),
      paths: Object.fromEntries([...ownPaths, ...others]),
    };
    writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.tsx'] }));
    const { stdout } = await run('node', [compilers[compiler], '-p', place]).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout).toBe('');
  });
});
