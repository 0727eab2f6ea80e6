/** The chart's pictures, made from the machine itself: an SVG for readers, Mermaid for whoever wants text. */
import { type IState, type ITransition, render } from 'state-machine-cat';
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { type DirectedGraphNode, toDirectedGraph } from 'xstate/graph';

/** All transitions from one state to another: one arrow, one line of label for each. */
interface Arrow {
  readonly from: AnyStateNode;
  readonly to: AnyStateNode;
  readonly transitions: AnyTransitionDefinition[];
}

const INK = '#24292f';
/** Ways back to the start: there, but not what to look at first. */
const BACK = '#6e7781';
/** Faults, and the ends that they lead to. */
const FAULT = '#a8443f';
const faultyEnds = ['expired', 'failed'];

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

/** Draws the chart as SVG, top to bottom in the order of time. The same machine always gives the same text. */
export async function drawSVG(machine: AnyStateMachine): Promise<string> {
  const start = initialOf(machine.root);
  const arrows = arrowsOf(machine).map(({ from, to, transitions }) => ({
    from: from.id,
    to: to.id,
    label: transitions.map(labelOf).join('\n'),
    color: colorOf({ from, to, transitions }, start),
  }));
  const entries = statesOf(machine).filter(isComposite).flatMap(entriesOf);
  const header = [machine.id, ...everywhereIn(machine)].map((line) => `${line}\\l`).join('');
  const drawing = await render(
    {
      states: drawnStates(machine.root),
      transitions: [...entries, ...arrows].map((arrow, id): ITransition => ({ id, ...arrow })),
    },
    {
      inputType: 'json',
      // Not `svg`: that one asks a GraphViz of the system first, and each version draws in its own way.
      outputType: 'oldsvg',
      dotGraphAttrs: attributes({
        label: `"${header}"`,
        fontcolor: `"${INK}"`,
        labelloc: 't',
        labeljust: 'l',
        fontsize: '15',
        bgcolor: 'transparent',
        newrank: 'true',
        ordering: '""',
        nodesep: '0.2',
        ranksep: '0.45',
        pad: '0.25',
      }),
      dotNodeAttrs: attributes({ fontsize: '15' }),
      dotEdgeAttrs: attributes({ fontsize: '14' }),
    },
  );
  return finished(drawing, machine);
}

/** Writes the chart as a Mermaid `stateDiagram-v2`. */
export function drawMermaid(machine: AnyStateMachine): string {
  const arrows = arrowsOf(machine, 'and inside');
  const linesIn = (state: AnyStateNode): string[] => [
    `[*] --> ${initialOf(state).key}`,
    ...Object.values(state.states).filter(isComposite).flatMap(boxOf),
    ...arrows
      .filter(({ from, to }) => commonParentOf(from, to) === state)
      .map(({ from, to, transitions }) => {
        const labels = transitions.map((one) => (one.target ? labelOf(one) : insideLabelOf(one)));
        return `${from.key} --> ${to.key} : ${labels.join('<br/>')}`;
      }),
  ];
  const boxOf = (state: AnyStateNode): string[] => [
    `state ${state.key} {`,
    ...linesIn(state).map((line) => `  ${line}`),
    '}',
  ];
  const everywhere = everywhereIn(machine).map((line) => `%% ${line}`);
  const lines = [...everywhere, ...linesIn(machine.root)].map((line) => `  ${line}\n`);
  return `stateDiagram-v2\n${lines.join('')}`;
}

/**
 * Puts the Mermaid text between the README's `<!-- chart -->` and `<!-- /chart -->`.
 *
 * @throws {Error} Where these marks are not there.
 */
export function withMermaid(readme: string, mermaid: string): string {
  const block = /(<!-- chart -->)[\s\S]*?(<!-- \/chart -->)/;
  if (!block.test(readme)) throw new Error('README.md has no <!-- chart --> … <!-- /chart -->');
  return readme.replace(block, (_, open, close) => `${open}\n\n\`\`\`mermaid\n${mermaid}\`\`\`\n\n${close}`);
}

/** @param inside Whether what a state takes without leaving it is an arrow too, from the state to itself. */
function arrowsOf(machine: AnyStateMachine, inside?: 'and inside'): Arrow[] {
  const arrows = new Map<string, Arrow>();
  for (const from of statesOf(machine)) {
    const itself = inside && from.parent ? [from] : [];
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

function colorOf({ to, transitions }: Arrow, start: AnyStateNode): string {
  if (to === start) return BACK;
  const isFault = transitions.every(({ eventType }) => eventType.startsWith('xstate.error.'));
  return isFault || faultyEnds.includes(to.key) ? FAULT : INK;
}

/** The dot that a composite starts from. GraphViz sees no tie between the box and the dot, so an unseen arrow is one. */
function entriesOf(state: AnyStateNode): Omit<ITransition, 'id'>[] {
  const dot = { from: dotOf(state), to: initialOf(state).id, color: INK };
  return state.parent ? [{ from: state.id, to: dot.from, color: 'transparent' }, dot] : [dot];
}

/** The states in a composite. Where all ways lead back comes last: GraphViz ranks by the arrows that it reads first. */
function drawnStates(state: AnyStateNode): IState[] {
  const start = initialOf(state);
  const children = Object.values(state.states);
  return [
    { name: dotOf(state), type: 'initial', color: INK },
    ...[...children.filter((child) => child !== start), start].map(drawnState),
  ];
}

function drawnState(state: AnyStateNode): IState {
  const inside = insideOf(state);
  return {
    name: state.id,
    label: state.key,
    type: 'regular',
    color: INK,
    ...(inside.length > 0 && { actions: inside.map((body) => ({ type: 'activity' as const, body })) }),
    ...(isComposite(state) && { statemachine: { states: drawnStates(state) } }),
  };
}

/** What goes on in a state without leaving it, in UML's words. */
function insideOf(state: AnyStateNode): string[] {
  return [
    // A state with a delay starts its timer on entry; the arrow says so already.
    ...state.entry.map(nameOf).flatMap((name) => (name.startsWith('xstate.') ? [] : `entry/ ${name}`)),
    ...state.invoke.map(({ id }) => `do/ ${id}`),
    ...transitionsInside(state).map(insideLabelOf),
  ];
}

/** What the machine takes wherever it stands. */
function everywhereIn({ root }: AnyStateMachine): string[] {
  return transitionsInside(root).map((transition) => `in every state: ${insideLabelOf(transition)}`);
}

function transitionsInside(state: AnyStateNode): AnyTransitionDefinition[] {
  return transitionsOf(state).filter(({ target }) => !target);
}

function insideLabelOf(transition: AnyTransitionDefinition): string {
  return `${labelOf(transition)}/ ${transition.actions.map(nameOf).join(', ')}`;
}

/** Makes GraphViz's drawing a picture for a page: a white card, legible labels, and words for those who do not see it. */
function finished(drawing: string, machine: AnyStateMachine): string {
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
<style>.edge text { paint-order: stroke; stroke: #fff; stroke-width: 4px; stroke-linejoin: round }</style>
<rect width="100%" height="100%" rx="12" fill="#fff"/>
`,
    )
    .replace(/<title>([^<]*)<\/title>\n<g/g, '<g')
    .replace(/(class="(?:node|cluster)[^>]*>\n)<title>([^<]*)<\/title>/g, (_, open, id) => {
      const { description } = states.get(id.replace(/^cluster_/, '')) ?? {};
      return description ? `${open}<title>${escaped(description)}</title>` : open.trimEnd();
    })
    .replace(/(class="edge[^>]*>\n)<title>[^<]*<\/title>\n([\s\S]*?<\/g>)/g, (_, open, rest: string) => {
      return open + rest.replace(/(<text [^>]*x=")([-.\d]+)/g, (_text, text, x) => `${text}${Number(x) + 4}`);
    });
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function attributes(values: Record<string, string>): { name: string; value: string }[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

function isComposite(state: AnyStateNode): boolean {
  return Object.keys(state.states).length > 0;
}

function initialOf(state: AnyStateNode): AnyStateNode {
  const [initial] = state.initial.target ?? [];
  if (!initial) throw new Error(`${state.id} has no initial state`);
  return initial;
}

function dotOf(state: AnyStateNode): string {
  return `${state.id}.initial`;
}

function commonParentOf(from: AnyStateNode, to: AnyStateNode): AnyStateNode | undefined {
  for (let parent = from.parent; parent; parent = parent.parent) {
    if (to.id.startsWith(`${parent.id}.`)) return parent;
  }
  return undefined;
}

/** The name that the source gives a guard or an action. */
function nameOf(named: unknown): string {
  return typeof named === 'string' ? named : (named as { type: string }).type;
}
