/**
 * Compiles the chart into a table that one flow's step is looked up in.
 *
 * `transition()` of XState takes some 40 microseconds, half of it garbage: too much for ten thousand flows that each ask
 * once a second or two. The table is made of the chart's own config, guards, actions and delays, so the chart stays the
 * only truth. What the chart does not use is refused here, by name; that the rest means the same as in XState is proved
 * by a test on every edge that the model checker visits.
 */
import type { PinAuthContext, PinAuthEvent, PinAuthInput } from '../../machines/pin-auth.ts';
import {
  type Action,
  afterEvent,
  type Chart,
  type ChartNode,
  domainOf,
  findTarget,
  type Guard,
  initialLeafOf,
  listOf,
  pathBelow,
  readNodes,
  type TransitionConfig,
  transitionsOf,
} from './chart-nodes.ts';

/** What can happen to a flow: an event from outside, the end of a wait, or the end of a request. */
export type FlowEvent =
  | PinAuthEvent
  | { readonly type: `xstate.${string}`; readonly output?: unknown; readonly error?: unknown };

/** Where a flow is and what it knows. A step writes into both: the context is the flow's own. */
export interface FlowState {
  state: CompiledState;
  readonly context: PinAuthContext;
}

/** One state without substates. All flows in it share it. */
interface CompiledState {
  /** As `machine.matches` names it, with a dot before a substate. */
  readonly name: string;
}

/** What a step asks of whoever holds the flow. */
export interface FlowHost<Flow extends FlowState> {
  /** Start a request; its end comes back as `xstate.done.actor.<operation>` or `xstate.error.actor.<operation>`. */
  startRequest(flow: Flow, operation: string, input: unknown): void;
  /** Whatever the request brings is no longer for this flow. */
  stopRequest(flow: Flow, operation: string): void;
  /** Start the one wait; its end comes back as this event. */
  startWait(flow: Flow, delayMs: number, endEvent: FlowEvent): void;
  stopWait(flow: Flow): void;
  /** Run an action that the chart leaves to its host: `keepPin`, `forgetPin`, and those of credentials. */
  runAction(flow: Flow, action: string, event: FlowEvent): void;
}

/** The chart as a table. */
export interface CompiledChart {
  /** Makes a flow's first state, before any event. */
  begin(input: PinAuthInput): FlowState;
  /** Does what the chart does with an event. */
  step<Flow extends FlowState>(flow: Flow, event: FlowEvent, host: FlowHost<Flow>): void;
}

/** One thing that a transition does. */
type Part = <Flow extends FlowState>(flow: Flow, event: FlowEvent, host: FlowHost<Flow>) => void;

interface Choice {
  readonly guard: Guard | undefined;
  readonly parts: readonly Part[];
}

interface Leaf extends CompiledState {
  readonly choices: Map<string, Choice[]>;
  readonly always: Choice[];
}

/** @throws {TypeError} For a chart that uses what is not compiled, naming it. */
export function compileChart(machine: Chart): CompiledChart {
  const nodes = readNodes(machine);
  const parts = createPartMaker(machine);
  const leaves = new Map<ChartNode, Leaf>();
  for (const node of nodes)
    if (node.children.length === 0) leaves.set(node, { name: node.name, choices: new Map(), always: [] });

  function toChoice(leaf: ChartNode, source: ChartNode, config: TransitionConfig): Choice {
    const guard = config.guard === undefined ? undefined : parts.guardOf(config.guard);
    const actions = listOf(config.actions).map(parts.actionOf);
    if (config.target === undefined) return { guard, parts: actions };
    const target = findTarget(nodes, source, config.target);
    const domain = domainOf(source, target, config.reenter === true);
    const targetLeaf = initialLeafOf(target);
    const exits = pathBelow(domain, leaf).reverse().flatMap(parts.exitsOf);
    const entries = pathBelow(domain, targetLeaf).flatMap(parts.entriesOf);
    return { guard, parts: [...exits, ...actions, moveTo(leaves.get(targetLeaf)), ...entries] };
  }

  for (const [node, leaf] of leaves) {
    // A state's own transitions come before those of the states around it.
    for (const source of pathBelow(undefined, node).reverse()) {
      for (const [eventType, config] of transitionsOf(source)) {
        const choices = leaf.choices.get(eventType) ?? [];
        leaf.choices.set(eventType, [...choices, toChoice(node, source, config)]);
      }
      for (const config of listOf(source.config.always)) leaf.always.push(toChoice(node, source, config));
    }
  }

  const toContext = machine.config.context as (args: { input: PinAuthInput }) => PinAuthContext;
  return {
    begin: (input) => ({ state: leaves.get(initialLeafOf(nodes[0])) as Leaf, context: toContext({ input }) }),
    step,
  };
}

function step<Flow extends FlowState>(flow: Flow, event: FlowEvent, host: FlowHost<Flow>): void {
  const leaf = flow.state as Leaf;
  const choices = leaf.choices.get(event.type);
  if (!choices || !takeFirst(choices, flow, event, host)) return;
  while (takeFirst((flow.state as Leaf).always, flow, event, host));
}

function takeFirst<Flow extends FlowState>(
  choices: readonly Choice[],
  flow: Flow,
  event: FlowEvent,
  host: FlowHost<Flow>,
): boolean {
  for (const { guard, parts } of choices) {
    if (guard && !guard({ context: flow.context, event })) continue;
    for (const part of parts) part(flow, event, host);
    return true;
  }
  return false;
}

function moveTo(leaf: Leaf | undefined): Part {
  return (flow) => {
    flow.state = leaf as Leaf;
  };
}

interface PartMaker {
  guardOf(given: string | Guard): Guard;
  actionOf(action: Action): Part;
  entriesOf(node: ChartNode): Part[];
  exitsOf(node: ChartNode): Part[];
}

/** Finds the chart's own implementations by their names. */
function createPartMaker(machine: Chart): PartMaker {
  const { guards, actions, delays } = machine.implementations as unknown as Implementations;

  function actionOf(action: Action): Part {
    const name = typeof action === 'string' ? action : action.type;
    const { assignment } = requireOwn(actions, 'action', name);
    if (!assignment) return (flow, event, host) => host.runAction(flow, name, event);
    // In place: a copy for each assignment would be half of what a read of a fleet costs.
    if (typeof assignment !== 'function') return (flow) => void Object.assign(flow.context, assignment);
    return (flow, event) => {
      Object.assign(flow.context, assignment({ context: flow.context, event }));
    };
  }

  function entriesOf({ id, config: { entry, after, invoke } }: ChartNode): Part[] {
    const waits = Object.keys(after ?? {}).map((delay): Part => {
      const delayOf = requireOwn(delays, 'delay', delay);
      const endEvent = { type: afterEvent(id, delay) };
      return (flow, event, host) => {
        host.startWait(flow, delayOf({ context: flow.context, event }), endEvent);
      };
    });
    const requests = listOf(invoke).map(
      (request): Part =>
        (flow, _event, host) =>
          host.startRequest(flow, request.id, request.input({ context: flow.context })),
    );
    return [...listOf(entry).map(actionOf), ...waits, ...requests];
  }

  function exitsOf({ config: { exit, after, invoke } }: ChartNode): Part[] {
    const waits = Object.keys(after ?? {}).map((): Part => (flow, _event, host) => host.stopWait(flow));
    const requests = listOf(invoke).map(
      ({ id }): Part =>
        (flow, _event, host) =>
          host.stopRequest(flow, id),
    );
    return [...listOf(exit).map(actionOf), ...waits, ...requests];
  }

  return {
    guardOf: (given) => (typeof given === 'string' ? requireOwn(guards, 'guard', given) : given),
    actionOf,
    entriesOf,
    exitsOf,
  };
}

/** What XState keeps of `setup()`. */
interface Implementations {
  readonly guards: Readonly<Record<string, Guard>>;
  readonly actions: Readonly<Record<string, { readonly assignment?: Assignment }>>;
  readonly delays: Readonly<Record<string, (args: { context: PinAuthContext; event: FlowEvent }) => number>>;
}

type Assignment =
  | Partial<PinAuthContext>
  | ((args: { context: PinAuthContext; event: FlowEvent }) => Partial<PinAuthContext>);

function requireOwn<T>(found: Readonly<Record<string, T>>, kind: string, name: string): T {
  if (!Object.hasOwn(found, name)) throw new TypeError(`The chart has no ${kind} ${name}`);
  return found[name] as T;
}
