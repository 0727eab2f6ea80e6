/** One way to use the package, as a card on the playground's page. */
export interface Example {
  readonly title: string;
  readonly text: string;
  /** Its page, relative to `examples/`. */
  readonly page: string;
  /** The files to copy, relative to `examples/`. */
  readonly sources: readonly string[];
  /** Whether its card takes the whole width. */
  readonly isWide?: boolean;
  /** Whether it navigates to a page that no frame may show. */
  readonly isAlone?: boolean;
}

function framework(title: string, text: string, ...files: string[]): Example {
  const name = title.toLowerCase();
  return {
    title,
    text,
    page: `frameworks/?${name}`,
    sources: files.map((file) => `frameworks/${name}/${file}`),
  };
}

export const examples: readonly Example[] = [
  {
    title: 'No framework',
    text: 'A subscription and a few elements.',
    page: 'vanilla/',
    sources: ['vanilla/main.ts', 'vanilla/index.html'],
  },
  framework('React', 'In strict mode, which mounts everything twice.', 'use-plex-auth.ts', 'sign-in.tsx'),
  framework('Preact', 'The same hook, from preact/compat.', 'use-plex-auth.ts', 'sign-in.tsx'),
  framework('Vue', 'A single-file component.', 'use-plex-auth.ts', 'sign-in.vue'),
  framework('Svelte', 'The engine as a store.', 'sign-in.svelte'),
  framework('Solid', 'The engine as a signal.', 'create-view.ts', 'sign-in.ts'),
  framework('Lit', 'A reactive controller.', 'follow-plex-auth.ts', 'sign-in.ts'),
  framework('Angular', 'A signal, without zones.', 'inject-plex-auth.ts', 'sign-in.ts'),
  {
    title: 'Your own machine',
    text: 'An application’s machine invokes the chart and provides a client of plex.tv.',
    page: 'parent-machine/',
    sources: ['parent-machine/app-machine.ts', 'parent-machine/main.ts'],
  },
  {
    title: 'There and back in one tab',
    text: 'The page leaves for the consent page and continues when it is back. It does not work in a frame: open it.',
    page: 'redirect/',
    sources: ['redirect/main.ts'],
    isAlone: true,
  },
  {
    title: 'A television',
    text: 'The element with a large code and a QR picture.',
    page: 'television/',
    sources: ['television/main.ts', 'television/index.html'],
    isWide: true,
  },
];
