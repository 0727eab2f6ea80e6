import { writeFileSync } from 'node:fs';
import packageJSON from '../../package.json' with { type: 'json' };
import { type Check, tables } from './check.ts';
import { checks } from './checks.ts';
import { causeOf, type Result, readResult } from './results.ts';

const page = 'docs/where-it-runs.md';

const titles: Record<Check['table'], string> = {
  runtimes: 'Runtimes',
  'test environments': 'Test environments',
  browsers: 'Browsers',
  bundlers: 'Bundlers',
  types: 'TypeScript',
};

type Row = [check: Check, result: Result];

/** Writes docs/where-it-runs.md from the results. */
export function writePage(): void {
  writeFileSync(page, toPage(checks.map((check) => [check, readResult(check.name)])));
}

/** Makes the page. A check without a result has no row. */
export function toPage(given: readonly (readonly [Check, Result | undefined])[]): string {
  const rows = given.filter((row): row is Row => row[1] !== undefined);
  const sections = tables.flatMap((table) => {
    const own = rows.filter(([check]) => check.table === table);
    return own.length > 0 ? [`## ${titles[table]}\n\n${toTable(own)}${toNotes(own)}`] : [];
  });
  return `${[intro, ...sections].join('\n\n')}\n`;
}

const intro = `# Where it runs

\`npm run matrix\` tries the built package in each of these environments and writes this page. The number says how many checks
passed; ¹ marks what fails for a reason outside this package, listed below its table.

What the package promises; the rows below and tests run the oldest of each:

- Pages: Chrome 87, Safari 15.4 and Firefox 100, and televisions since 2021 ([browsers](in-a-page.md#browsers)).
- Servers and programs: Node 20.19, Deno 2, Bun 1, and Cloudflare Workers without flags.
- Phones: React Native 0.76, with [one polyfill](frameworks.md#react-native).
- xstate ${packageJSON.peerDependencies.xstate.replace('^', '')} or a later 5; TypeScript 5.4, or 5.0 where the types of its packages allow it, with \`moduleResolution\`
  \`bundler\`, \`node16\`, \`nodenext\` or \`node10\`.`;

function toTable(rows: readonly Row[]): string {
  const subjects = [...new Set(rows.flatMap(([check]) => check.subjects))];
  const lines = rows.map(([check, result]) => [
    check.environment,
    ...subjects.map((subject) => toEntry(check, result, subject)),
    Object.entries(result.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
    result.date,
  ]);
  const head = ['', ...subjects, 'versions', 'date'];
  return [head, head.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** Empty for a subject that an environment does not have. */
function toEntry(check: Check, { cells }: Result, subject: string): string {
  const own = cells.filter((cell) => cell.subject === subject);
  const passed = own.filter(({ result }) => result === 'pass');
  if (own.length === 0) return check.subjects.includes(subject) ? '✗' : '';
  if (passed.length === own.length) return own[0]?.figure ?? `✓ ${own.length}`;
  const areKnown = own.every((cell) => cell.result === 'pass' || causeOf(check.name, cell));
  return `${passed.length} of ${own.length}${areKnown ? ' ¹' : ' ✗'}`;
}

function toNotes(rows: readonly Row[]): string {
  const notes = rows.flatMap(([check, { cells }]) => [
    ...(check.note ? [`- ${check.environment}: ${check.note}`] : []),
    ...cells.flatMap((cell) => {
      const known = cell.result === 'fail' ? causeOf(check.name, cell) : undefined;
      return known
        ? [`- ¹ ${check.environment}, ${cell.check}: ${known.cause} [Its cause](${known.link}).`]
        : [];
    }),
  ]);
  return notes.length > 0 ? `\n\n${notes.join('\n')}` : '';
}
