/** What the chart's picture tells: the usual way, the arrows beside it, and a legend for what would lead round everything. */
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { initialOf, isComposite, labelOf, statesOf, transitionsOf } from './chart-parts.ts';
import { briefDeedOf, deedOf, wordsOf } from './chart-words.ts';

/** One transition, with the states that it leaves and enters. */
export interface Way {
  readonly transition: AnyTransitionDefinition;
  readonly from: AnyStateNode;
  /** Never a composite: its initial state instead. Itself, if the transition stays. */
  readonly to: AnyStateNode;
}

/** An arrow of the picture: everything that leads from one state to another. */
export interface StoryArrow {
  readonly from: AnyStateNode;
  /** A composite, if the arrow leads to several of its states. */
  readonly to: AnyStateNode;
  readonly ways: readonly Way[];
  readonly words: readonly string[];
  readonly kind: 'usual' | 'end' | 'plain';
}

/** One line of the legend. */
export interface LegendLine {
  readonly name: string;
  readonly text: string;
  /** Where it leads, or else what it does, for a place without room for the rest. */
  readonly brief: string;
  readonly ways: readonly Way[];
}

export interface ChartStory {
  readonly machine: AnyStateMachine;
  /** The states of the usual way, in its order. */
  readonly spine: readonly AnyStateNode[];
  /** The top-level states beside it. */
  readonly beside: readonly AnyStateNode[];
  readonly arrows: readonly StoryArrow[];
  readonly legend: readonly LegendLine[];
}

/** What happens if all goes well. */
const usualLabels = ['START', 'getPin', 'after pollDelay', 'getToken [isClaimed]'];
export const endings = ['expired', 'failed'];

/** The lines of the legend: what would be an arrow from nearly everywhere, or from a state to itself. */
const legendLines: Readonly<Record<string, (way: Way, start: AnyStateNode) => boolean>> = {
  CANCEL: ({ transition }) => transition.eventType === 'CANCEL',
  RESTORE: ({ transition }) => transition.eventType === 'RESTORE',
  RESUME: ({ transition }) => transition.eventType === 'RESUME',
  START: ({ transition, from }, start) => transition.eventType === 'START' && from !== start,
  CHECK: ({ transition, from, to }) =>
    from === to && (transition.eventType === 'CHECK' || labelOf(transition).endsWith('[isCheckPending]')),
  signOut: ({ transition }) => transition.eventType.endsWith('.actor.signOut'),
  STORE_FAILED: ({ transition }) => transition.eventType === 'STORE_FAILED',
};

export function storyOf(machine: AnyStateMachine): ChartStory {
  const start = initialOf(machine.root);
  const ways = statesOf(machine).flatMap(waysFrom);
  const legend = Object.entries(legendLines).map(([name, isIn]) => {
    const own = ways.filter((way) => isIn(way, start));
    return { name, ways: own, text: legendText(own, machine), brief: briefText(own) };
  });
  const listed = new Set(legend.flatMap((line) => line.ways));
  const usual = usualWays(ways, start);
  const arrows = joined(ways.filter((way) => !listed.has(way))).map((own) => toArrow(own, usual));
  const spine = [start, ...usual.map(({ to }) => to)];
  const tops = spine.map(topOf);
  // In the order in which they are reached, so that fewer arrows cross.
  const reached = [...new Set(arrows.flatMap(({ from, to }) => [topOf(from), topOf(to)]))];
  const beside = reached.filter((state) => !tops.includes(state));
  return { machine, spine, beside, arrows, legend };
}

function waysFrom(from: AnyStateNode): Way[] {
  return transitionsOf(from).flatMap((transition) =>
    (transition.target ?? [from]).map((target: AnyStateNode) => ({
      transition,
      from,
      to: transition.target && isComposite(target) ? initialOf(target) : target,
    })),
  );
}

function usualWays(ways: readonly Way[], start: AnyStateNode): Way[] {
  let from = start;
  return usualLabels.map((label) => {
    const way = ways.find((one) => one.from === from && labelOf(one.transition) === label);
    if (!way) throw new Error(`The usual way breaks off in ${from.key}, which has no ${label}`);
    from = way.to;
    return way;
  });
}

/** Ways from one state to another belong together; so do those from one state into a composite around none of both. */
function joined(ways: readonly Way[]): Way[][] {
  const groups = new Map<string, Way[]>();
  for (const way of ways) {
    const [from, to] = [topOf(way.from), topOf(way.to)];
    const isInside = from === to;
    const key = `${way.from.id} ${isInside ? way.to.id : to.id}`;
    groups.set(key, [...(groups.get(key) ?? []), way]);
  }
  return [...groups.values()];
}

function toArrow(ways: readonly Way[], usual: readonly Way[]): StoryArrow {
  const [first] = ways as [Way];
  const isOne = ways.every(({ to }) => to === first.to);
  const to = isOne ? first.to : topOf(first.to);
  const isUsual = ways.some((way) => usual.includes(way));
  const kind = isUsual ? 'usual' : endings.includes(to.key) ? 'end' : 'plain';
  const words = [...new Set(ways.map(({ transition }) => wordsOf(transition)))].toSorted(eventsLast);
  return { from: first.from, to, ways, words, kind };
}

/** What happens by itself is named before what somebody does. */
function eventsLast(one: string, other: string): number {
  return Number(isEvent(one)) - Number(isEvent(other));
}

function isEvent(word: string): boolean {
  return /^[A-Z_]+$/.test(word);
}

function legendText(ways: readonly Way[], machine: AnyStateMachine): string {
  const groups = new Map<string, AnyStateNode[]>();
  for (const { transition, from, to } of ways) {
    const deed = from === to ? `: ${deedOf(transition)}` : ` → ${to.key}`;
    const sources = groups.get(deed) ?? [];
    if (!sources.includes(from)) groups.set(deed, [...sources, from]);
  }
  const shown = [...groups].toSorted(
    ([one], [other]) => Number(one.startsWith(':')) - Number(other.startsWith(':')),
  );
  return shown.map(([deed, sources]) => `${sourceText(sources, machine)}${deed}`).join(' · ');
}

function briefText(ways: readonly Way[]): string {
  const leading = ways.find(({ from, to }) => from !== to);
  if (leading) return `→ ${leading.to.key}`;
  return ways[0] ? `: ${briefDeedOf(ways[0].transition)}` : '';
}

function sourceText(sources: readonly AnyStateNode[], { root }: AnyStateMachine): string {
  if (sources.includes(root)) return 'every state';
  const others = Object.values(root.states).filter((state) => !sources.includes(state));
  const names = (states: readonly AnyStateNode[]) => states.map(({ key }) => key).join(', ');
  const isMost = sources.length > 2 * others.length;
  return isMost ? `every state but ${others.map(({ key }) => key).join(' and ')}` : names(sources);
}

/** The top-level state around a state, or itself. */
export function topOf(state: AnyStateNode): AnyStateNode {
  const { parent } = state;
  return parent?.parent ? topOf(parent) : state;
}
