/** One way to use the package, as the page of all shows it. */
export interface Example {
  readonly title: string;
  readonly text: string;
  /** Its page, below `examples/`. */
  readonly page: string;
  /** What an author would copy, below `examples/`. */
  readonly sources: readonly string[];
  /** Whether it needs room. */
  readonly isWide?: boolean;
  /** Whether it leaves its page for another, which no frame may show. */
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
    title: 'A machine of one’s own',
    text: 'An application’s machine invokes the chart, with a client of plex.tv put in.',
    page: 'parent-machine/',
    sources: ['parent-machine/app-machine.ts', 'parent-machine/main.ts'],
  },
  {
    title: 'There and back in one tab',
    text: 'The page leaves for the consent, and goes on when it is back. Not in a frame: open it.',
    page: 'redirect/',
    sources: ['redirect/main.ts'],
    isAlone: true,
  },
  {
    title: 'A television',
    text: 'A large code and a QR picture, by the element.',
    page: 'television/',
    sources: ['television/main.ts', 'television/index.html'],
    isWide: true,
  },
];
