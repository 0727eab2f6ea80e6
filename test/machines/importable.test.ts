/** Holds the chart's source to what Stately's importer reads: what it does not read, it drops without a word. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAst } from 'vitest/node';
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import { statesOf } from '../../tools/draw/chart-parts.ts';

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

const source = readFileSync('machines/pin-auth.ts', 'utf8');
const nodes = nodesIn(parseAst(source, { lang: 'ts' }));
const FUNCTION = '[function]';

/** A node and all below it. */
function nodesIn(part: unknown): Node[] {
  if (!(part instanceof Object)) return [];
  const below = Object.values(part).flatMap(nodesIn);
  return 'type' in part && typeof part.type === 'string' ? [part as unknown as Node, ...below] : below;
}

function textOf({ start, end }: Node): string {
  return source.slice(start as number, end as number);
}

/** The calls of a function, or of a method, of this name. */
function callsOf(name: string): Node[] {
  return nodes.filter(({ type, callee }) => {
    const { name: called, property } = (callee ?? {}) as { name?: string; property?: { name?: string } };
    return type === 'CallExpression' && (called ?? property?.name) === name;
  });
}

/** What the first call of a function is given. */
function argumentOf(name: string): Node {
  const [argument] = callsOf(name).flatMap((call) => call['arguments'] as Node[]);
  if (!argument) throw new Error(`Nothing calls ${name}`);
  return argument;
}

/** Reads a literal as the importer does. @throws {Error} For all that is no literal: names, spreads, templates, casts. */
function readLiteral(node: Node): unknown {
  if (node.type === 'Literal') return node['value'];
  if (node.type === 'ArrowFunctionExpression') return FUNCTION;
  if (node.type === 'ArrayExpression') return (node['elements'] as Node[]).map(readLiteral);
  if (node.type !== 'ObjectExpression') throw new Error(`Not a literal: ${textOf(node)}`);
  return Object.fromEntries(
    (node['properties'] as Node[]).map((property) => {
      if (property.type !== 'Property' || property['computed']) {
        throw new Error(`Not a literal key: ${textOf(property)}`);
      }
      const { name, value } = property['key'] as { name?: string; value?: string };
      return [name ?? value, readLiteral(property['value'] as Node)];
    }),
  );
}

/** What runs, with its functions shown as the source's are. */
function withoutFunctions(value: unknown): unknown {
  if (typeof value === 'function') return FUNCTION;
  if (Array.isArray(value)) return value.map(withoutFunctions);
  if (!(value instanceof Object)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutFunctions(part)]));
}

/** Every value that stands under one of these keys, anywhere in the config. */
function valuesUnder(keys: string[], part: unknown): unknown[] {
  if (!(part instanceof Object)) return [];
  return Object.entries(part).flatMap(([key, value]) => [
    ...(keys.includes(key) ? [value].flat() : []),
    ...valuesUnder(keys, value),
  ]);
}

/** What an action with parameters is called. */
function nameOf(named: unknown): unknown {
  return named instanceof Object ? (named as { type: unknown }).type : named;
}

function sorted(names: unknown[]): unknown[] {
  return [...new Set(names)].toSorted();
}

/** The names that `setup` gives to its actors, actions, guards or delays. */
function namesInSetup(kind: 'actors' | 'actions' | 'guards' | 'delays'): unknown[] {
  const parts = argumentOf('setup')['properties'] as { key: { name: string }; value: Node }[];
  const part = parts.find(({ key }) => key.name === kind);
  const names = part?.value['properties'] as { key: { name: string } }[];
  return sorted(names.map(({ key }) => key.name));
}

describe('the source of the chart', () => {
  const config = () => readLiteral(argumentOf('createMachine'));

  it('makes one machine from one object that stands in the call', () => {
    expect(callsOf('setup')).toHaveLength(1);
    expect(callsOf('createMachine')).toHaveLength(1);
    expect(callsOf('createMachine')[0]?.['arguments']).toHaveLength(1);
    expect(argumentOf('createMachine').type).toBe('ObjectExpression');
    expect(nodes.filter(({ name }) => name === 'createStateConfig')).toEqual([]);
  });

  it('reads, literal by literal, as the machine that runs', () => {
    expect(config()).toEqual(withoutFunctions(pinAuthMachine.config));
  });

  it('has functions only where they make a context, an input or the parameters of an action', () => {
    const functions = nodesIn(argumentOf('createMachine')).filter(
      ({ type, value }) => type === 'Property' && (value as Node).type === 'ArrowFunctionExpression',
    );
    const names = sorted(functions.map(({ key }) => (key as { name: string }).name));
    expect(names).toEqual(['context', 'input', 'params']);
  });

  it('writes each transition as an object', () => {
    const tables = valuesUnder(['on', 'after'], config()).flatMap((table) => Object.values(table as object));
    const transitions = [...tables.flat(), ...valuesUnder(['always', 'onDone', 'onError'], config())];
    expect(transitions.length).toBeGreaterThan(30);
    expect(transitions.filter((transition) => !(transition instanceof Object))).toEqual([]);
  });

  it('has an id, and one for each invoked actor, which is the actor’s name', () => {
    expect(config()).toHaveProperty('id', 'pinAuth');
    const invoked = valuesUnder(['invoke'], config()) as { id: string; src: string }[];
    expect(invoked.map(({ id }) => id)).toEqual(invoked.map(({ src }) => src));
    expect(invoked.length).toBeGreaterThan(0);
  });

  it.each(statesOf(pinAuthMachine).map(({ id, description }) => ({ id, description })))(
    'describes $id in one sentence',
    ({ description }) => {
      expect(description).toMatch(/^[A-Z][^.!?\n]*\.$/);
    },
  );

  it.each([
    ['guards', valuesUnder(['guard'], config())],
    ['actions', valuesUnder(['actions', 'entry', 'exit'], config())],
    ['actors', valuesUnder(['src'], config())],
    ['delays', valuesUnder(['after'], config()).flatMap((table) => Object.keys(table as object))],
  ] as const)('names just the %s that setup implements', (kind, used) => {
    expect(sorted(used.map(nameOf))).toEqual(namesInSetup(kind));
    expect(namesInSetup(kind)).toEqual(Object.keys(pinAuthMachine.implementations[kind] ?? {}).toSorted());
  });

  it('imports nothing but xstate when it runs', () => {
    const imports = nodes.filter(({ type }) => /^(Import|ExportAll)/.test(type) && !/Specifier$/.test(type));
    const running = imports.filter(({ importKind }) => importKind !== 'type');
    expect(running.map(({ source: from }) => (from as { value: string }).value)).toEqual(['xstate']);
  });

  it.each(['Date', 'fetch', 'URL', 'setTimeout', 'setInterval', 'performance', 'globalThis', 'Temporal'])(
    'has no %s',
    (global) => {
      expect(nodes.filter(({ type, name }) => type === 'Identifier' && name === global)).toEqual([]);
    },
  );

  it('rolls no dice', () => {
    expect(source).not.toContain('Math.random');
  });

  it('knows no header and no address of Plex', () => {
    expect(source).not.toMatch(/X-Plex|https?:|plex\.tv/i);
  });
});

describe('the reader of literals', () => {
  const read = (text: string) => {
    const [statement] = parseAst(`(${text})`, { lang: 'ts' }).body;
    return () => readLiteral((statement as unknown as { expression: Node }).expression);
  };

  it.each([
    ['a name', '{ on: events }'],
    ['a short-hand', '{ on }'],
    ['a spread', '{ ...states }'],
    ['a computed key', '{ [START]: {} }'],
    ['a template', '{ id: `pinAuth` }'],
    ['a cast', '{ id: "pinAuth" as const }'],
    ['satisfies', '{} satisfies object'],
    ['a call', '{ states: make() }'],
  ])('refuses %s', (_, text) => {
    expect(read(text)).toThrow('Not a literal');
  });

  it('reads what is one', () => {
    expect(read('{ a: "b", "c": [1, true, { d: () => 1 }] }')()).toEqual({
      a: 'b',
      c: [1, true, { d: FUNCTION }],
    });
  });
});
