import { readFile } from 'node:fs/promises';
import MagicString from 'magic-string';
import type { Plugin } from 'rolldown';
import { type ESTree, parseSync, Visitor } from 'rolldown/utils';

const chart = /[\\/]machines[\\/]pin-auth\.ts$/;
const compactChart = /[\\/]machines[\\/]pin-auth\.ts\?compact$/;

/**
 * Gives the engine its own copy of the chart, with what only a reader needs left out. `plex-auth-flow/machine` keeps all
 * of it.
 *
 * A test compares the two: the same states, transitions and implementations.
 */
export function compactChartPlugin(): Plugin {
  return {
    name: 'compact-chart',
    resolveId: {
      filter: { id: /machines\/pin-auth\.ts$/ },
      async handler(source, importer) {
        const resolved = importer && (await this.resolve(source, importer, { skipSelf: true }));
        return resolved && chart.test(resolved.id) ? `${resolved.id}?compact` : undefined;
      },
    },
    load: {
      filter: { id: compactChart },
      async handler(id) {
        const [file = ''] = id.split('?');
        return { code: await readFile(file, 'utf8'), moduleType: 'ts' };
      },
    },
    transform: {
      filter: { id: compactChart },
      handler: (code) => compact(code),
    },
  };
}

/**
 * Turns `setup(implementations).createMachine(config)` into `createMachine(config, implementations)`, which is what
 * `setup` does when it runs; but `setup` also holds every action creator of XState. Leaves out the types, which are
 * values to JavaScript, and the descriptions. The chart is then built when the engine provides what it does, and not when
 * an application loads: the engine needs only `provide` of it.
 *
 * @throws {Error} Where the source is written in another way.
 */
export function compact(code: string): { code: string; map: ReturnType<MagicString['generateMap']> } {
  const { program } = parseSync('pin-auth.ts', code);
  const edited = new MagicString(code);
  const made: { setup: ESTree.CallExpression; create: ESTree.CallExpression }[] = [];
  new Visitor({
    CallExpression(create) {
      if (create.callee.type !== 'MemberExpression' || create.callee.object.type !== 'CallExpression') return;
      const setup = create.callee.object;
      if (isNamed(setup.callee, 'setup') && isNamed(create.callee.property, 'createMachine'))
        made.push({ setup, create });
    },
    ImportSpecifier({ imported }) {
      if (isNamed(imported, 'setup')) edited.update(imported.start, imported.end, 'createMachine');
    },
  }).visit(program);

  const [machine] = made;
  const implementations = machine?.setup.arguments[0];
  const config = machine?.create.arguments[0];
  if (
    !machine ||
    made.length > 1 ||
    implementations?.type !== 'ObjectExpression' ||
    config?.type !== 'ObjectExpression'
  )
    throw new Error('machines/pin-auth.ts must hold one setup({ … }).createMachine({ … })');

  removeProperty(edited, implementations, 'types');
  removeDescriptions(edited, config);
  edited.update(machine.setup.start, implementations.start, '{ provide: (own) => createMachine(');
  edited.appendLeft(machine.create.end, '.provide(own) }');
  edited.remove(implementations.end, config.start);
  edited
    .prependRight(implementations.start, ', ')
    .move(implementations.start, implementations.end, config.end);
  return { code: edited.toString(), map: edited.generateMap({ hires: 'boundary' }) };
}

function removeDescriptions(edited: MagicString, node: ESTree.ObjectExpression): void {
  removeProperty(edited, node, 'description');
  for (const property of node.properties) {
    if (property.type === 'Property' && property.value.type === 'ObjectExpression')
      removeDescriptions(edited, property.value);
  }
}

function removeProperty(edited: MagicString, { properties }: ESTree.ObjectExpression, name: string): void {
  const index = properties.findIndex((found) => found.type === 'Property' && isNamed(found.key, name));
  const [property, next] = properties.slice(index);
  if (index >= 0 && property && next) edited.remove(property.start, next.start);
  else if (index >= 0) throw new Error(`machines/pin-auth.ts must not end an object with ${name}`);
}

function isNamed(node: ESTree.Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name;
}
