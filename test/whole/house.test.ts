/** Holds the house rules to the sources: who may import whom, what is named where, and how long a file may be. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, posix } from 'node:path';
import { type ESTree, parseSync, Visitor } from 'rolldown/utils';
import { describe, expect, it } from 'vitest';

/**
 * The floors, from the ground up. A room imports from the floors below its own only, types included; two rooms on one floor
 * do not know each other.
 */
const floors: readonly (readonly string[])[] = [
  // src/*.ts: what everybody shares.
  ['ground'],
  ['machines', 'plex', 'adapters', 'node', 'emulator', 'inspect'],
  ['engine', 'live-view', 'server'],
  ['browser', 'testing'],
  ['element', 'cli', 'better-auth', 'fleet'],
  ['bullmq'],
  // src/index.ts: what the package itself exports.
  ['index'],
];

/** What holds data or a drawing is as long as that is. */
const mayBeLong = ['machines/pin-auth.ts', 'live-view/chart-picture.ts'];

/** What a screen shows: a factory with the few methods it returns counts as one function. */
const mostLinesOfFunction = 75;

/** Rooms that are hosts: they reach the engine by its inner door. */
const hosts = ['browser', 'element', 'cli', 'node', 'server'];

/** One import or export of a file. `isType`: nothing of it is left at run time. */
interface Import {
  readonly from: string;
  /** A path from the root for a file of ours, else the name of a package. */
  readonly to: string;
  readonly isType: boolean;
}

const files = ['machines', 'src', 'live-view']
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(
      (file) => `${folder}/${file.replaceAll('\\', '/')}`,
    ),
  )
  .filter((file) => file.endsWith('.ts'))
  .sort();
const textOf = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
const imports = files.flatMap(importsOf);

function importsOf(file: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: string, isType: boolean) => {
    const to = specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier;
    found.push({ from: file, to, isType });
  };
  const addStatement = (
    source: ESTree.StringLiteral | null,
    kind: string | undefined,
    kinds: (string | undefined)[],
  ) => {
    if (source)
      add(source.value, kind === 'type' || (kinds.length > 0 && kinds.every((one) => one === 'type')));
  };
  new Visitor({
    ImportDeclaration: ({ source, importKind, specifiers }) =>
      addStatement(
        source,
        importKind,
        specifiers.map((specifier) => ('importKind' in specifier ? specifier.importKind : 'value')),
      ),
    ExportNamedDeclaration: ({ source, exportKind, specifiers }) =>
      addStatement(
        source,
        exportKind,
        specifiers.map((specifier) => specifier.exportKind),
      ),
    ExportAllDeclaration: ({ source, exportKind }) => addStatement(source, exportKind, []),
    ImportExpression: ({ source }) => {
      if (source.type === 'Literal' && typeof source.value === 'string') add(source.value, false);
    },
    TSImportType: ({ source }) => add(source.value, true),
  }).visit(parseSync(file, textOf.get(file) ?? '').program);
  return found;
}

function roomOf(file: string): string {
  const [root = '', room = '', ...rest] = file.split('/');
  if (root !== 'src') return root;
  if (rest.length > 0) return room;
  return room === 'index.ts' ? 'index' : 'ground';
}

const floorOf = (room: string) => floors.findIndex((rooms) => rooms.includes(room));
const own = imports.filter(({ to }) => files.includes(to));
const toArrow = ({ from, to, isType }: Import) => `${from} → ${to}${isType ? ' (type)' : ''}`;

/** The first circle among these arrows, from a node back to itself. */
function circleIn(arrows: readonly (readonly [string, string])[]): string[] | undefined {
  const next = new Map<string, Set<string>>();
  for (const [from, to] of arrows) next.set(from, (next.get(from) ?? new Set()).add(to));
  const isDone = new Set<string>();
  const visit = (node: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (isDone.has(node)) return undefined;
    for (const target of next.get(node) ?? []) {
      const circle = visit(target, [...path, node]);
      if (circle) return circle;
    }
    isDone.add(node);
    return undefined;
  };
  for (const node of next.keys()) {
    const circle = visit(node, []);
    if (circle) return circle;
  }
  return undefined;
}

describe('the rooms of the house', () => {
  it('are read as they are', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(own.length).toBeGreaterThan(300);
    expect(own.filter(({ isType }) => isType).length).toBeGreaterThan(100);
  });

  it('all stand on a floor', () => {
    expect([...new Set(files.map(roomOf))].filter((room) => floorOf(room) === -1)).toEqual([]);
  });

  it('import downwards only, types included', () => {
    const upward = own.filter(({ from, to }) => {
      const [room, target] = [roomOf(from), roomOf(to)];
      return room !== target && floorOf(target) >= floorOf(room);
    });
    expect(upward.map(toArrow)).toEqual([]);
  });

  it('have no circle among their files, types included', () => {
    expect(circleIn(own.map(({ from, to }) => [from, to]))).toBeUndefined();
  });

  it('have no circle among themselves, types included', () => {
    // An inspector loads the live view by its name in package.json: an application of its own, built as one file.
    const arrows = own.map(({ from, to }) => [roomOf(from), roomOf(to)] as const);
    expect(circleIn(arrows.filter(([from, to]) => from !== to))).toBeUndefined();
  });
});

describe('a circle', () => {
  it('is found, however long', () => {
    const arrows = [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'd'],
      ['d', 'b'],
    ] as const;
    expect(circleIn(arrows)).toEqual(['b', 'c', 'd', 'b']);
    expect(circleIn(arrows.slice(0, 3))).toBeUndefined();
  });
});

describe('what a room may import', () => {
  const packagesOf = (room: string, isType: boolean) =>
    imports.filter(
      ({ from, to, ...found }) => roomOf(from) === room && !files.includes(to) && found.isType === isType,
    );

  it('is xstate at run time in machines, and types else', () => {
    expect([...new Set(packagesOf('machines', false).map(({ to }) => to))]).toEqual(['xstate']);
    expect(own.filter(({ from, isType }) => roomOf(from) === 'machines' && !isType).map(toArrow)).toEqual([]);
  });

  it('is nothing but types in adapters, besides each other', () => {
    const outside = imports.filter(
      ({ from, to }) => roomOf(from) === 'adapters' && roomOf(to) !== 'adapters',
    );
    expect(outside.length).toBeGreaterThan(0);
    expect(outside.filter(({ isType }) => !isType).map(toArrow)).toEqual([]);
    expect(packagesOf('adapters', true)).toEqual([]);
  });

  it('is no xstate in the client and on the ground', () => {
    const found = imports.filter(
      ({ from, to }) => ['plex', 'ground'].includes(roomOf(from)) && /^xstate/.test(to),
    );
    expect(found.map(toArrow)).toEqual([]);
  });

  it('is nothing of Node but in node, the fleet, the program, the relay and the server of the emulator', () => {
    const found = imports.filter(({ to, isType }) => to.startsWith('node:') && !isType);
    const rooms = found.filter(({ from }) => !['node', 'cli', 'fleet', 'bullmq'].includes(roomOf(from)));
    expect(rooms.filter(({ from }) => roomOf(from) !== 'inspect').map(toArrow)).toEqual([]);
    // What reaches Node in the inspector's room is what the relay is made of.
    const relay = new Set(['src/inspect/relay.ts']);
    for (const file of relay) for (const { from, to } of own) if (from === file) relay.add(to);
    expect(rooms.filter(({ from }) => !relay.has(from)).map(toArrow)).toEqual([]);
  });
});

describe('what is named in a file', () => {
  const codeOf = (file: string) => {
    const text = textOf.get(file) ?? '';
    const { comments } = parseSync(file, text);
    return comments.reduceRight((code, { start, end }) => code.slice(0, start) + code.slice(end), text);
  };

  it('is plex.tv and its headers only in the wire, the emulator and the program', () => {
    const outside = files.filter((file) => !['plex', 'emulator', 'cli'].includes(roomOf(file)));
    const leaks = outside.filter((file) => /X-Plex-|https:\/\/[a-z.]*plex\.tv/.test(codeOf(file)));
    expect(leaks).toEqual([]);
  });

  it("is no engine's actor in a host", () => {
    const inside = files.filter((file) => hosts.includes(roomOf(file)));
    expect(
      inside.filter((file) => /\.actor\b|\{[^{}]*\bactor\b[^{}]*\} = (auth|engine)\b/.test(codeOf(file))),
    ).toEqual([]);
  });
});

describe('a file', () => {
  it('has up to 300 lines', () => {
    const long = files
      .filter((file) => !mayBeLong.includes(file))
      .map((file) => [file, (textOf.get(file) ?? '').trimEnd().split('\n').length] as const)
      .filter(([, lines]) => lines > 300);
    expect(long).toEqual([]);
  });

  it('has functions that fit a screen', () => {
    const long = files.flatMap((file) => {
      const text = textOf.get(file) ?? '';
      const found: [string, number][] = [];
      const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
      const measure = ({ start, end }: ESTree.Function | ESTree.ArrowFunctionExpression) => {
        const lines = lineAt(end) - lineAt(start) + 1;
        if (lines > mostLinesOfFunction) found.push([`${file}:${lineAt(start)}`, lines]);
      };
      const { program } = parseSync(file, text);
      const visitor = {
        FunctionDeclaration: measure,
        FunctionExpression: measure,
        ArrowFunctionExpression: measure,
      };
      new Visitor(visitor).visit(program);
      return found;
    });
    expect(long).toEqual([]);
  });

  it('is named after what it exports, and not after a drawer', () => {
    const drawers = /^(utils?|helpers?|common|constants?|types?|misc|shared)\.ts$/;
    expect(files.filter((file) => drawers.test(basename(file)))).toEqual([]);
    expect(files.filter((file) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.d)?\.ts$/.test(basename(file)))).toEqual([]);
  });
});
