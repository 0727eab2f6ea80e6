/** What the chart's pictures are made of, read from the machine itself. */
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { type DirectedGraphNode, toDirectedGraph } from 'xstate/graph';

/** All transitions from one state to another: one arrow, one line of label for each. */
export interface Arrow {
  readonly from: AnyStateNode;
  readonly to: AnyStateNode;
  readonly transitions: AnyTransitionDefinition[];
}

/** All states, the machine itself first, in the order of the source. */
export function statesOf(machine: AnyStateMachine): AnyStateNode[] {
  const nodesIn = ({ stateNode, children }: DirectedGraphNode): AnyStateNode[] => [
    stateNode,
    ...children.flatMap(nodesIn),
  ];
  return nodesIn(toDirectedGraph(machine));
}

/** All transitions out of a state, those without an event included, which XState's graph leaves out. */
export function transitionsOf(state: AnyStateNode): AnyTransitionDefinition[] {
  return [...state.transitions.values(), state.always ?? []].flat();
}

/** What a picture writes at a transition: `START`, `getToken [isGone]`, `getToken error`, `after pollDelay`. */
export function labelOf({ eventType, guard }: AnyTransitionDefinition): string {
  const trigger = eventType
    .replace(/^xstate\.done\.actor\.(\w+)$/, '$1')
    .replace(/^xstate\.error\.actor\.(\w+)$/, '$1 error')
    .replace(/^xstate\.after\.(\w+)\..*$/, 'after $1');
  return [trigger, guard && `[${nameOf(guard)}]`].filter(Boolean).join(' ');
}

/** What a state takes without leaving it is an arrow too, from the state to itself. */
export function arrowsOf(machine: AnyStateMachine): Arrow[] {
  const arrows = new Map<string, Arrow>();
  for (const from of statesOf(machine)) {
    const itself = from.parent ? [from] : [];
    for (const transition of transitionsOf(from)) {
      for (const to of transition.target ?? itself) {
        const arrow = arrows.get(`${from.id} → ${to.id}`) ?? { from, to, transitions: [] };
        arrow.transitions.push(transition);
        arrows.set(`${from.id} → ${to.id}`, arrow);
      }
    }
  }
  return [...arrows.values()];
}

/** What the machine takes wherever it stands. */
export function everywhereIn({ root }: AnyStateMachine): string[] {
  return transitionsInside(root).map((transition) => `in every state: ${insideLabelOf(transition)}`);
}

function transitionsInside(state: AnyStateNode): AnyTransitionDefinition[] {
  return transitionsOf(state).filter(({ target }) => !target);
}

export function insideLabelOf(transition: AnyTransitionDefinition): string {
  return `${labelOf(transition)}/ ${transition.actions.map(nameOf).join(', ')}`;
}

export function isComposite(state: AnyStateNode): boolean {
  return Object.keys(state.states).length > 0;
}

export function initialOf(state: AnyStateNode): AnyStateNode {
  const [initial] = state.initial.target ?? [];
  if (!initial) throw new Error(`${state.id} has no initial state`);
  return initial;
}

export function commonParentOf(from: AnyStateNode, to: AnyStateNode): AnyStateNode | undefined {
  for (let parent = from.parent; parent; parent = parent.parent) {
    if (to.id.startsWith(`${parent.id}.`)) return parent;
  }
  return undefined;
}

/** The name that the source gives a guard or an action. */
function nameOf(named: unknown): string {
  return typeof named === 'string' ? named : (named as { type: string }).type;
}
