import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Where the tests of one file keep what they write. It is removed after them. */
const root = mkdtempSync(join(tmpdir(), 'plex-auth-flow-node-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;

/** @returns A path in {@link root} where nothing is yet. */
export const newFolder = (): string => join(root, `${++folders}`);
