/** The states of the chart as a tree, read from its config. */
import type { PinAuthContext, pinAuthMachine } from '../../machines/pin-auth.ts';

/** The chart, or one that differs in its guards, actions and wiring only. */
export type Chart = typeof pinAuthMachine;

/** A state, or the chart itself. */
export interface ChartNode {
  /** As `machine.matches` names it, with a dot before a substate; empty for the chart itself. */
  readonly name: string;
  /** As XState names it, with the chart's own name first. */
  readonly id: string;
  readonly config: StateConfig;
  readonly parent: ChartNode | undefined;
  readonly children: ChartNode[];
}

/** What the compiler reads of a state's config. XState types most of it as `any`. */
interface StateConfig {
  readonly initial?: string;
  readonly states?: Readonly<Record<string, StateConfig>>;
  readonly on?: Readonly<Record<string, OneOrMore<TransitionConfig>>>;
  readonly after?: Readonly<Record<string, OneOrMore<TransitionConfig>>>;
  readonly always?: OneOrMore<TransitionConfig>;
  readonly entry?: OneOrMore<Action>;
  readonly exit?: OneOrMore<Action>;
  readonly invoke?: InvokeConfig;
}

/** Says whether a transition may be taken. */
export type Guard = (args: { context: PinAuthContext; event: { readonly type: string } }) => boolean;

/** An action, as the chart writes it. What it gives one as `params`, a fleet's host finds in the context. */
export type Action = string | { readonly type: string };

/** A transition, as the chart writes it. */
export interface TransitionConfig {
  readonly target?: string;
  readonly guard?: string | Guard;
  readonly actions?: OneOrMore<Action>;
  readonly reenter?: boolean;
}

/** An invoked actor, as the chart writes it. */
interface InvokeConfig {
  readonly id: string;
  readonly input: (args: { context: object }) => unknown;
  readonly onDone?: OneOrMore<TransitionConfig>;
  readonly onError?: OneOrMore<TransitionConfig>;
}

export type OneOrMore<T> = T | readonly T[];

/** What a state's config may hold. Everything else changes what the chart does in a way that is not compiled. */
const knownKeys = {
  state: [
    'initial',
    'states',
    'on',
    'after',
    'always',
    'entry',
    'exit',
    'invoke',
    'description',
    'tags',
    'meta',
  ],
  chart: ['id', 'context', 'types'],
  transition: ['target', 'guard', 'actions', 'reenter', 'description'],
  invoke: ['id', 'src', 'input', 'onDone', 'onError'],
};

/** Reads the states, each before its substates. */
export function readNodes(machine: Chart): readonly [ChartNode, ...ChartNode[]] {
  const { id } = machine;
  const rest: ChartNode[] = [];
  const root = { name: '', id, config: machine.config as StateConfig, parent: undefined, children: [] };
  requireKnown(root.config, [...knownKeys.state, ...knownKeys.chart], id);

  function addChildren(parent: ChartNode): void {
    for (const [key, config] of Object.entries(parent.config.states ?? {})) {
      const node = {
        name: parent.name ? `${parent.name}.${key}` : key,
        id: `${parent.id}.${key}`,
        config,
        parent,
        children: [],
      };
      requireKnown(config, knownKeys.state, node.id);
      if (config.invoke) requireKnown(config.invoke, knownKeys.invoke, node.id);
      parent.children.push(node);
      rest.push(node);
      addChildren(node);
    }
  }

  addChildren(root);
  return [root, ...rest];
}

/** Gives the transitions of one state, in their order, each with the type of the event that it waits for. */
export function transitionsOf({ id, config }: ChartNode): [eventType: string, TransitionConfig][] {
  const { on, after, invoke } = config;
  const entries = [
    ...Object.entries(on ?? {}),
    ...Object.entries(after ?? {}).map(([delay, given]) => [afterEvent(id, delay), given] as const),
    ...(invoke?.onDone ? [[`xstate.done.actor.${invoke.id}`, invoke.onDone] as const] : []),
    ...(invoke?.onError ? [[`xstate.error.actor.${invoke.id}`, invoke.onError] as const] : []),
  ];
  return entries.flatMap(([type, given]) => {
    if (type.includes('*')) throw new TypeError(`${id}: the event ${type} cannot be compiled`);
    return listOf(given).map((transition) => {
      requireKnown(transition, knownKeys.transition, id);
      return [type, transition] as [string, TransitionConfig];
    });
  });
}

/** The type of the event that ends a wait. */
export function afterEvent(id: string, delay: string): `xstate.${string}` {
  return `xstate.after.${delay}.${id}`;
}

/** Finds a transition's target: `#chart.state`, or a sibling of its source. */
export function findTarget(nodes: readonly ChartNode[], source: ChartNode, target: string): ChartNode {
  const id = target.startsWith('#') ? target.slice(1) : `${source.parent?.id ?? source.id}.${target}`;
  const found = nodes.find((node) => node.id === id);
  if (!found) throw new TypeError(`${source.id}: there is no state ${target}`);
  return found;
}

/** Follows `initial` down to a state without substates. */
export function initialLeafOf(node: ChartNode): ChartNode {
  if (node.children.length === 0) return node;
  const { initial } = node.config;
  const child = node.children.find(({ id }) => id === `${node.id}.${initial}`);
  if (!child) throw new TypeError(`${node.id}: there is no initial state ${initial}`);
  return initialLeafOf(child);
}

/** The states from just below `ancestor` down to `node`; with no ancestor, from the chart itself. */
export function pathBelow(ancestor: ChartNode | undefined, node: ChartNode): ChartNode[] {
  const path: ChartNode[] = [];
  for (let at: ChartNode | undefined = node; at && at !== ancestor; at = at.parent) path.unshift(at);
  return path;
}

/** The state that a transition neither leaves nor enters, and all others around it. */
export function domainOf(source: ChartNode, target: ChartNode, reenter: boolean): ChartNode | undefined {
  const around = pathBelow(undefined, target);
  if (!reenter && around.includes(source)) return source;
  const outside = pathBelow(undefined, source).slice(0, -1);
  return outside.reverse().find((node) => node !== target && around.includes(node));
}

/** One or more as a list. */
export function listOf<T>(given: OneOrMore<T> | undefined): readonly T[] {
  if (given === undefined) return [];
  return Array.isArray(given) ? (given as readonly T[]) : [given as T];
}

function requireKnown(config: object, known: readonly string[], id: string): void {
  const unknown = Object.entries(config).find(
    ([key, value]) => value !== undefined && !known.includes(key),
  )?.[0];
  if (unknown) throw new TypeError(`${id}: ${unknown} cannot be compiled`);
}
