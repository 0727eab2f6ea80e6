/**
 * Remembers what screenshots were made from, in docs/pictures/made-from.json.
 *
 * A screenshot looks a little different on each machine, so that no test can compare it. What it shows can be compared.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A set of screenshots, and what they show. */
export interface MadeFrom {
  /** The command that takes them again. */
  readonly command: string;
  /** The pictures, by their paths. */
  readonly pictures: readonly string[];
  /** A hash for each file, and one for all that is in a folder, as they were when the pictures were made. */
  readonly from: Readonly<Record<string, string>>;
}

const manifest = 'docs/pictures/made-from.json';

/** Every set of screenshots, by the folder or the beginning of the names of its pictures. */
export function readMadeFrom(root = '.'): Record<string, MadeFrom> {
  const path = join(root, manifest);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, MadeFrom>) : {};
}

/**
 * Notes that screenshots show these files as they are now. The command that makes them calls this when it has made them all.
 *
 * @param set Such as `docs/element`, where the pictures are.
 * @param paths Files, and folders with all that is in them.
 * @throws {Error} For a path that is not there.
 */
export function noteMadeFrom(
  set: string,
  { command, paths }: { command: string; paths: string[] },
  root = '.',
): void {
  const from = Object.fromEntries(paths.toSorted().map((path) => [path, hashOf(join(root, path))]));
  const pictures = picturesOf(set, root);
  const sets = Object.entries({ ...readMadeFrom(root), [set]: { command, pictures, from } });
  const sorted = Object.fromEntries(sets.toSorted(([one], [other]) => (one < other ? -1 : 1)));
  writeFileSync(join(root, manifest), `${JSON.stringify(sorted, null, 2)}\n`);
}

/** The files and folders that are no longer as they were when the pictures of a set were made. */
export function changedSince({ from }: MadeFrom, root = '.'): string[] {
  return Object.keys(from).filter((path) => {
    const file = join(root, path);
    return !existsSync(file) || hashOf(file) !== from[path];
  });
}

/** The pictures of a set that are no longer there. */
export function missingFrom({ pictures }: MadeFrom, root = '.'): string[] {
  return pictures.filter((path) => !existsSync(join(root, path)));
}

/** All that is in the folder of a set, or beside it with a name that begins as the set's does. */
function picturesOf(set: string, root: string): string[] {
  const folder = existsSync(join(root, set)) ? set : dirname(set);
  return filesIn(join(root, folder))
    .map((file) => `${folder}/${file}`)
    .filter((path) => path.startsWith(set));
}

/** @throws {Error} Where nothing is there. */
function hashOf(path: string): string {
  const hash = createHash('sha256');
  for (const file of filesIn(path)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(path, file)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

/** All files below a folder, by their paths from there; of a file just itself, without a name. */
function filesIn(path: string): string[] {
  if (statSync(path).isFile()) return [''];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => statSync(join(path, file)).isFile())
    .toSorted();
}
