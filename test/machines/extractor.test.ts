/**
 * Holds the chart's source to what Stately's own importer reads, by that importer: `@xstate/machine-extractor` 0.16.
 *
 * It is the last one that Stately published on its own, and it speaks XState 4. What it says is put into XState 5's words
 * here: it calls a guard `cond`. Of XState 5 it does not know `reenter`, the `input` of an invoked actor, and the
 * implementations that stand in `setup`, which it never looks at. `importable.test.ts` holds those.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import { labelOf, statesOf, transitionsOf } from '../../tools/draw/chart-parts.ts';

type Importer = typeof import('@xstate/machine-extractor');
type Extracted = NonNullable<
  NonNullable<ReturnType<Importer['extractMachinesFromFile']>>['machines'][number]
>;
type ExtractedState = NonNullable<ReturnType<Extracted['toConfig']>>;
type ExtractedTransitions = ExtractedState['always'];
type ExtractedActions = ExtractedState['entry'];

/** A state in words that both sides speak. */
interface StateWords {
  readonly id: string;
  readonly description: string | undefined;
  readonly initial: string | undefined;
  readonly entry: string[];
  readonly exit: string[];
  /** `getToken: getToken`: the id, and the actor. */
  readonly invoke: string[];
  /** `getToken [isGone] → pinAuth.expired / noteExpiry, forgetPin`, in the order in which they are tried. */
  readonly transitions: string[];
}

const source = readFileSync('machines/pin-auth.ts', 'utf8');
let extractMachinesFromFile: Importer['extractMachinesFromFile'];

beforeAll(async () => {
  // It asks for XState 4's own files, which the XState of this project does not have.
  const outfile = resolve('node_modules/.cache/plex-auth-flow/machine-extractor.cjs');
  await build({
    entryPoints: ['@xstate/machine-extractor'],
    alias: { 'xstate/lib': 'xstate-4/lib' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
  });
  ({ extractMachinesFromFile } = createRequire(import.meta.url)(outfile) as Importer);
});

/** @throws {Error} Where the importer does not find one machine, or cannot read its config. */
function extract(text: string): { machine: Extracted; config: ExtractedState } {
  const machines = extractMachinesFromFile(text)?.machines ?? [];
  const [machine] = machines;
  if (!machine || machines.length > 1) throw new Error(`The importer finds ${machines.length} machines`);
  const config = machine.toConfig();
  if (!config) throw new Error('The importer reads no config');
  return { machine, config };
}

/** What the importer reads in a source: every state, the machine itself first. */
function wordsRead(text: string): StateWords[] {
  const { machine, config } = extract(text);
  const idOf = (path: readonly string[]) => [config.id, ...path].join('.');
  const targets = new Map(
    machine
      .getTransitionTargets()
      .map(({ fromPath, transitionPath, targetPath }) => [
        [...fromPath, ...transitionPath].join(' '),
        targetPath.map((path) => (path ? idOf(path) : 'unknown')).join(', '),
      ]),
  );

  function read(state: ExtractedState, path: string[]): StateWords[] {
    const transitions = (trigger: string, place: (string | number)[], found: ExtractedTransitions) =>
      listOf(found).map(({ cond, actions }, index) =>
        wordsOf({
          label: [trigger, cond && `[${cond.kind === 'named' ? cond.type : cond.kind}]`]
            .filter(Boolean)
            .join(' '),
          target: targets.get([...path, ...place, index].join(' ')) ?? '',
          actions: actionsRead(actions),
        }),
      );
    const invoked = listOf(state.invoke);
    return [
      {
        id: idOf(path),
        description: state.description,
        initial: state.initial,
        entry: actionsRead(state.entry),
        exit: actionsRead(state.exit),
        invoke: invoked.map(({ id, src, kind }) => `${id}: ${kind === 'named' ? src : kind}`),
        transitions: [
          ...Object.entries(state.on ?? {}).flatMap(([event, found]) =>
            transitions(event, ['on', event], found),
          ),
          ...invoked.flatMap(({ id = '', onDone, onError }, index) => [
            ...transitions(id, ['invoke', index, 'onDone'], onDone),
            ...transitions(`${id} error`, ['invoke', index, 'onError'], onError),
          ]),
          ...Object.entries(state.after ?? {}).flatMap(([delay, found]) =>
            transitions(`after ${delay}`, ['after', delay], found),
          ),
          ...transitions('', ['always'], state.always),
        ],
      },
      ...Object.entries(state.states ?? {}).flatMap(([key, child]) => read(child, [...path, key])),
    ];
  }
  return read(config, []);
}

/** What runs, by XState's own account of it. */
function wordsRun(state: AnyStateNode): StateWords {
  return {
    id: state.id,
    description: state.description,
    initial: state.initial.target?.[0]?.key,
    entry: actionsRun(state.entry),
    exit: actionsRun(state.exit),
    invoke: state.invoke.map(({ id, src }) => `${id}: ${src}`),
    transitions: transitionsOf(state).map(transitionRun),
  };
}

function transitionRun(transition: AnyTransitionDefinition): string {
  const target = (transition.target ?? []).map(({ id }) => id).join(', ');
  return wordsOf({ label: labelOf(transition), target, actions: actionsRun(transition.actions) });
}

function wordsOf(parts: { label: string; target: string; actions: string[] }): string {
  const { label, target, actions } = parts;
  return [label, target && `→ ${target}`, actions.length > 0 && `/ ${actions.join(', ')}`]
    .filter(Boolean)
    .join(' ');
}

function actionsRead(actions: ExtractedActions): string[] {
  return listOf(actions).map(({ kind, action }) => (kind === 'named' ? action.type : kind));
}

/** XState adds actions of its own where a state has a delay. */
function actionsRun(actions: readonly unknown[]): string[] {
  const names = actions.map((action) =>
    typeof action === 'string' ? action : (action as { type: string }).type,
  );
  return names.filter((name) => !name.startsWith('xstate.'));
}

function listOf<One>(found: One | One[] | undefined): One[] {
  return found === undefined ? [] : ([found].flat() as One[]);
}

/** A state as lines, so that what is lost of it can be named. */
function toLines({ id, description, initial, entry, exit, invoke, transitions }: StateWords): string[] {
  return [
    `${id}: “${description}”`,
    ...(initial ? [`${id}: starts in ${initial}`] : []),
    ...entry.map((action) => `${id}: entry/ ${action}`),
    ...exit.map((action) => `${id}: exit/ ${action}`),
    ...invoke.map((actor) => `${id}: do/ ${actor}`),
    ...transitions.map((transition) => `${id}: ${transition}`),
  ];
}

const linesRun = statesOf(pinAuthMachine).map(wordsRun).flatMap(toLines);

describe("what Stately's importer reads in the chart", () => {
  it('is all that runs: states, targets, guards, actions, actors, delays and descriptions', () => {
    expect(wordsRead(source).flatMap(toLines)).toEqual(linesRun);
    expect(linesRun.length).toBeGreaterThan(50);
  });

  it('has everything by its name, and nothing as a piece of code but the context', () => {
    const { config } = extract(source);
    const { context, ...rest } = config;
    expect(context).toMatch(/^\{\{\(\{ input \}\) => /);
    expect(JSON.stringify(rest)).not.toMatch(/"kind":"(inline|builtin)"|\{\{|"unknown"/);
  });

  it('is without what XState 4 does not have: reenter, input and the implementations in setup', () => {
    const { machine, config } = extract(source);
    expect(source).toMatch(/reenter: true[\s\S]*input: \(/);
    expect(JSON.stringify(config)).not.toMatch(/reenter|"input"/);
    expect(machine.getAllMachineImplementations()).toEqual({
      actors: {},
      actions: {},
      guards: {},
      delays: {},
    });
  });
});

interface Change {
  readonly name: string;
  readonly from: string | RegExp;
  readonly to: string;
}

const whole = /\.createMachine\(\{([\s\S]*?)\n\}\);/;
const idleState = /\n {4}idle: \{[\s\S]*?\n {4}\},/;
const check = "{ guard: 'mayAskNow', target: 'fetchingToken', actions: 'countCheck' }";

const changesThatLoseAll: Change[] = [
  { name: 'a config from elsewhere', from: whole, to: '.createMachine(config);' },
  {
    name: 'a config in a variable, as const',
    from: whole,
    to: '.createMachine(config);\nconst config = {$1\n} as const;',
  },
  { name: 'a config with satisfies', from: whole, to: '.createMachine({$1\n} satisfies object);' },
];

const idleLines = linesRun.filter((line) => line.startsWith('pinAuth.idle: '));
const waitLine = 'pinAuth.awaitingLink: after pollDelay → pinAuth.fetchingToken / countWait';
const checkLine = 'pinAuth.awaitingLink: CHECK [mayAskNow] → pinAuth.fetchingToken / countCheck';

const changesThatLose: (Change & { readonly loses: string[] })[] = [
  { name: 'states spread in from elsewhere', from: idleState, to: '\n    ...more,', loses: idleLines },
  { name: 'a state that a function makes', from: idleState, to: '\n    idle: idle(),', loses: idleLines },
  {
    name: 'a key that is a template',
    from: 'pollDelay: { target',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of a template.
    to: '[`${poll}Delay`]: { target',
    loses: [waitLine],
  },
  {
    name: 'a key that is a constant',
    from: 'pollDelay: { target',
    to: '[POLL_DELAY]: { target',
    loses: [waitLine],
  },
  {
    name: 'a target that is a template',
    from: check,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of a template.
    to: "{ guard: 'mayAskNow', target: `${fetching}Token`, actions: 'countCheck' }",
    loses: [checkLine],
  },
  {
    name: 'a guard in place',
    from: check,
    to: "{ guard: ({ context }) => !context.isWaitFixed, target: 'fetchingToken', actions: 'countCheck' }",
    loses: [checkLine],
  },
  {
    name: 'an action in place',
    from: "entry: 'forgetCheck'",
    to: 'entry: assign({ isCheckPending: false })',
    loses: ['pinAuth.requestingPin.asking: entry/ forgetCheck'],
  },
  {
    name: 'an actor in place',
    from: "src: 'signOut'",
    to: 'src: fromPromise(notProvided)',
    loses: ['pinAuth.signingOut: do/ signOut: signOut'],
  },
  {
    name: 'an actor without an id',
    from: "id: 'signOut',",
    to: '',
    loses: linesRun.filter((line) => /^pinAuth\.signingOut: (do\/ )?signOut/.test(line)),
  },
  {
    name: 'a state without a description',
    from: "description: 'Nothing runs.',",
    to: '',
    loses: ['pinAuth.idle: “Nothing runs.”'],
  },
];

/** @throws {Error} Where the change no longer fits the source. */
function changed({ name, from, to }: Change): string {
  const text = source.replace(from, to);
  if (text === source) throw new Error(`The chart has no place for ${name}`);
  return text;
}

describe('a chart that Stately would not read whole is noticed:', () => {
  it.each(changesThatLoseAll)('$name', (change) => {
    expect(() => wordsRead(changed(change))).toThrow('reads no config');
  });

  it.each(changesThatLose)('$name', ({ loses, ...change }) => {
    const read = wordsRead(changed(change)).flatMap(toLines);
    expect(read).not.toEqual(linesRun);
    expect(loses).not.toEqual([]);
    expect(linesRun.filter((line) => !read.includes(line))).toEqual(loses);
  });

  it('guards in another order, of which not a line is lost', () => {
    const [gone, early] = [/\{\s*guard: 'isGone',[\s\S]*?\},/, /\{\s*guard: 'isGoneEarly',[\s\S]*?\},/].map(
      (block) => block.exec(source)?.[0] ?? '',
    ) as [string, string];
    const read = wordsRead(source.replace(gone, '').replace(early, gone + early)).flatMap(toLines);
    expect(read.toSorted()).toEqual(linesRun.toSorted());
    expect(read).not.toEqual(linesRun);
  });

  it('two machines, or none', () => {
    expect(() => wordsRead(`${source}\ncreateMachine({});`)).toThrow('finds 2 machines');
    expect(() => wordsRead('export {};')).toThrow('finds 0 machines');
  });
});

describe('Stately’s importer follows, where the chart need not rely on it,', () => {
  it.each([
    {
      name: 'a variable of the same file',
      from: whole,
      to: '.createMachine(config);\nconst config = {$1\n};',
    },
    {
      name: 'the comment of Stately’s command line',
      from: 'export const pinAuthMachine',
      to: '// @statelyai id=machine-123\nexport const pinAuthMachine',
    },
    { name: 'a template without a part', from: 'pollDelay: { target', to: '[`pollDelay`]: { target' },
  ])('$name', (change) => {
    expect(wordsRead(changed(change)).flatMap(toLines)).toEqual(linesRun);
  });
});

describe('statelyai.json', () => {
  const { include } = JSON.parse(readFileSync('statelyai.json', 'utf8')) as { include: string[] };

  it('leads Stately’s command line to the chart, and to a file that it takes for one', () => {
    expect(include).toEqual(['machines/pin-auth.ts']);
    expect(source).toMatch(/from 'xstate'[\s\S]*\.createMachine\(/);
  });

  it('is printed in the guide as it is', () => {
    expect(readFileSync('docs/stately.md', 'utf8')).toContain(readFileSync('statelyai.json', 'utf8'));
  });
});
