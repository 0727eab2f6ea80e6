/** The chart as SVG, for readers. */

import { type IState, type ITransition, render } from 'state-machine-cat';
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import {
  type Arrow,
  arrowsOf,
  everywhereIn,
  initialOf,
  insideOf,
  isComposite,
  labelOf,
  statesOf,
} from './chart-parts.ts';

/** The colours of a picture. */
interface Colors {
  readonly paper: string;
  readonly ink: string;
  /** Ways back to the start, less visible than the rest. */
  readonly back: string;
  /** Errors, and the ends that they lead to. */
  readonly fault: string;
}

export const light: Colors = { paper: '#fff', ink: '#24292f', back: '#6e7781', fault: '#a8443f' };
/** For GitHub's dark pages. */
export const dark: Colors = { paper: '#161b22', ink: '#e6edf3', back: '#8b949e', fault: '#ff9a8f' };

const faultyEnds = ['expired', 'failed'];

/**
 * Draws the chart as SVG, top to bottom in the order of time. The same machine always gives the same text.
 *
 * States carry their id as `data-state`, arrows where they lead as `data-from` and `data-to`.
 */
export async function drawSVG(machine: AnyStateMachine, colors: Colors = light): Promise<string> {
  return finished(await drawingOf(machine, colors), machine, colors);
}

/** @param isNarrow Whether arrows have no label and states only their name, as for a phone. */
export async function drawingOf(machine: AnyStateMachine, colors: Colors, isNarrow = false): Promise<string> {
  const start = initialOf(machine.root);
  const arrows = arrowsOf(machine).map((arrow) => ({
    from: arrow.from.id,
    to: arrow.to.id,
    ...(!isNarrow && { label: arrow.transitions.map(labelOf).join('\n') }),
    color: colors[kindOf(arrow, start)],
  }));
  const entries = statesOf(machine)
    .filter(isComposite)
    .flatMap((state) => entriesOf(state, colors));
  const header = [machine.id, ...everywhereIn(machine)].map((line) => `${line}\\l`).join('');
  return render(
    {
      states: drawnStates(machine.root, colors, isNarrow),
      transitions: [...entries, ...arrows].map((arrow, id): ITransition => ({ id, ...arrow })),
    },
    {
      inputType: 'json',
      // Not `svg`: that one asks a GraphViz of the system first, and each version draws in its own way.
      outputType: 'oldsvg',
      dotGraphAttrs: attributes({
        ...(!isNarrow && {
          label: `"${header}"`,
          fontcolor: `"${colors.ink}"`,
          labelloc: 't',
          labeljust: 'l',
        }),
        fontsize: '15',
        bgcolor: 'transparent',
        newrank: 'true',
        ordering: '""',
        nodesep: '0.2',
        ranksep: isNarrow ? '0.3' : '0.45',
        pad: isNarrow ? '0.15' : '0.25',
      }),
      dotNodeAttrs: attributes({ fontsize: isNarrow ? '17' : '15' }),
      dotEdgeAttrs: attributes({ fontsize: '14' }),
    },
  );
}

/** Which of the colours an arrow has. */
export function kindOf({ to, transitions }: Arrow, start: AnyStateNode): 'ink' | 'back' | 'fault' {
  if (to === start) return 'back';
  const isFault = transitions.every(({ eventType }) => eventType.startsWith('xstate.error.'));
  return isFault || faultyEnds.includes(to.key) ? 'fault' : 'ink';
}

/** The dot that a composite starts from. GraphViz sees no tie between the box and the dot, so an unseen arrow is one. */
function entriesOf(state: AnyStateNode, { ink }: Colors): Omit<ITransition, 'id'>[] {
  const dot = { from: dotOf(state), to: initialOf(state).id, color: ink };
  return state.parent ? [{ from: state.id, to: dot.from, color: 'transparent' }, dot] : [dot];
}

/** The states in a composite. Where all ways lead back comes last: GraphViz ranks by the arrows that it reads first. */
function drawnStates(state: AnyStateNode, colors: Colors, isNarrow: boolean): IState[] {
  const start = initialOf(state);
  const children = Object.values(state.states);
  return [
    { name: dotOf(state), type: 'initial', color: colors.ink },
    ...[...children.filter((child) => child !== start), start].map((child) =>
      drawnState(child, colors, isNarrow),
    ),
  ];
}

function drawnState(state: AnyStateNode, colors: Colors, isNarrow: boolean): IState {
  const inside = isNarrow ? [] : insideOf(state);
  return {
    name: state.id,
    label: state.key,
    type: 'regular',
    color: colors.ink,
    ...(inside.length > 0 && { actions: inside.map((body) => ({ type: 'activity' as const, body })) }),
    ...(isComposite(state) && { statemachine: { states: drawnStates(state, colors, isNarrow) } }),
  };
}

/** Makes GraphViz's drawing a picture for a page: a white card, legible labels, and words for those who do not see it. */
function finished(drawing: string, machine: AnyStateMachine, { paper }: Colors): string {
  const states = new Map(statesOf(machine).map((state) => [state.id, state]));
  const spoken = [...states.values()].map(({ key, description }) => `${key}: ${description}`).join('\n');
  return drawing
    .replace(/^[\s\S]*?(?=<svg)/, '')
    .replace(/<!--[\s\S]*?-->\n/g, '')
    .replace(/<svg width="(\d+)pt" height="(\d+)pt"/, '<svg role="img" width="$1" height="$2"')
    .replace(/<title>state transitions<\/title>\n/, '')
    .replace(
      /<svg[^>]*>\n/,
      (open) => `${open}<title>${escaped(`${machine.id}: ${machine.root.description}`)}</title>
<desc>${escaped(spoken)}</desc>
<style>.edge text { paint-order: stroke; stroke: ${paper}; stroke-width: 4px; stroke-linejoin: round }</style>
<rect width="100%" height="100%" rx="12" fill="${paper}"/>
`,
    )
    .replace(/<title>([^<]*)<\/title>\n<g/g, '<g')
    .replace(/(class="(?:node|cluster)[^>]*)>\n<title>([^<]*)<\/title>/g, (_, open, name) => {
      const id = name.replace(/^cluster_/, '');
      const { description } = states.get(id) ?? {};
      const opened = `${open} data-state="${id}">`;
      return description ? `${opened}\n<title>${escaped(description)}</title>` : opened;
    })
    .replace(/(class="edge[^>]*)>\n<title>([^<]*)<\/title>\n([\s\S]*?<\/g>)/g, (_, open, ends, rest) => {
      const [from, to] = endsOf(ends);
      return `${open} data-from="${from}" data-to="${to}">\n${withRoom(rest)}`;
    });
}

/** The states that an arrow of GraphViz's drawing joins. */
export function endsOf(title: string): string[] {
  return title.replaceAll('&#45;', '-').replaceAll('&gt;', '>').split('->');
}

/** Moves labels off their arrow. */
function withRoom(edge: string): string {
  return edge.replace(/(<text [^>]*x=")([-.\d]+)/g, (_, text, x) => `${text}${Number(x) + 4}`);
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function attributes(values: Record<string, string>): { name: string; value: string }[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

export function dotOf(state: AnyStateNode): string {
  return `${state.id}.initial`;
}
