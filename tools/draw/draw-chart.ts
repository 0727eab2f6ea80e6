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

/** The colours of a picture. */
interface Colors {
  readonly paper: string;
  readonly ink: string;
  /** Ways back to the start: there, but not what to look at first. */
  readonly back: string;
  /** Faults, and the ends that they lead to. */
  readonly fault: string;
}

const light: Colors = { paper: '#fff', ink: '#24292f', back: '#6e7781', fault: '#a8443f' };
/** For GitHub's dark pages. */
export const dark: Colors = { paper: '#161b22', ink: '#e6edf3', back: '#8b949e', fault: '#ff9a8f' };

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

/**
 * Draws the chart as SVG, top to bottom in the order of time. The same machine always gives the same text.
 *
 * States carry their id as `data-state`, arrows where they lead as `data-from` and `data-to`.
 */
export async function drawSVG(machine: AnyStateMachine, colors: Colors = light): Promise<string> {
  return finished(await drawingOf(machine, colors), machine, colors);
}

/** @param isNarrow Whether arrows have no label and states only their name, as for a phone. */
async function drawingOf(machine: AnyStateMachine, colors: Colors, isNarrow = false): Promise<string> {
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

/** Writes the module that the live view draws the chart from: twice, since labels are too small to read on a phone. */
export async function writeChartPicture(machine: AnyStateMachine): Promise<string> {
  const wide = toMarkup(await drawingOf(machine, light), machine);
  const narrow = toMarkup(await drawingOf(machine, light, true), machine);
  return `/** The chart of \`machines/pin-auth.ts\` as SVG, without colours and sizes. Made by \`npm run draw\`. */
export const wideChart: string = \`${wide}\`;

/** The same for narrow places: no labels at the arrows. */
export const narrowChart: string = \`${narrow}\`;
`;
}

/**
 * Reduces GraphViz's drawing to what a style sheet can dress: `data-state`, `data-from` and `data-to` say what is what,
 * `data-events` which events take an arrow, the class whether it leads back or is a fault.
 */
function toMarkup(drawing: string, machine: AnyStateMachine): string {
  const placement = /viewBox="\S+ \S+ ([\d.]+) ([\d.]+)"[\s\S]*?translate\(([-\d.]+) ([-\d.]+)\)/.exec(
    drawing,
  );
  const [width = 0, height = 0, left = 0, top = 0] = placement?.slice(1).map(Number) ?? [];
  const states = new Map(statesOf(machine).map((state) => [state.id, state]));
  const arrows = new Map(arrowsOf(machine).map((arrow) => [`${arrow.from.id} → ${arrow.to.id}`, arrow]));
  const start = initialOf(machine.root);

  const groups = [...drawing.matchAll(/<g id="(?:clust|node|edge)[\s\S]*?<\/g>/g)].map(([group]) => {
    const title = /<title>([^<]*)/.exec(group)?.[1] ?? '';
    const [from = '', to] = endsOf(title.replace(/^cluster_/, ''));
    const shapes = shapesIn(group, left, top);
    if (to === undefined) return stateMarkup(from, shapes, states.get(from));
    const arrow = arrows.get(`${from} → ${to}`);
    // Not the unseen tie between a box and its dot.
    if (!arrow && states.has(from)) return '';
    return arrowMarkup(from, to, shapes, {
      events: arrow?.transitions.map(({ eventType }) => eventType || 'always') ?? [
        from === dotOf(machine.root) ? 'xstate.init' : 'always',
      ],
      kind: arrow ? kindOf(arrow, start) : 'ink',
    });
  });
  const drawn = groups.filter(Boolean).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">\n${drawn}\n</svg>`;
}

/** What GraphViz drew for one state or one arrow, with its origin at the left top. */
interface Shapes {
  readonly path: string;
  readonly polygons: readonly string[];
  readonly dot: string | undefined;
  readonly texts: readonly { readonly x: number; readonly y: number; readonly words: string }[];
}

function shapesIn(group: string, left: number, top: number): Shapes {
  const across = (x = '0') => rounded(Number(x) + left);
  const down = (y = '0') => rounded(Number(y) + top);
  const moved = (points = '') =>
    points.replace(/([-\d.]+),([-\d.]+)/g, (_, x, y) => `${across(x)},${down(y)}`);
  const [, dotX, dotY] = /<ellipse [^>]*cx="(\S+)" cy="(\S+)"/.exec(group) ?? [];
  return {
    path: moved(/<path [^>]* d="([^"]*)"/.exec(group)?.[1]),
    polygons: [...group.matchAll(/<polygon [^>]*points="([^"]*)"/g)].map(([, points]) => moved(points)),
    dot: dotX && `cx="${across(dotX)}" cy="${down(dotY)}"`,
    texts: [...group.matchAll(/<text [^>]*x="([-\d.]+)" y="([-\d.]+)"[^>]*>([^<]*)</g)]
      .map(([, x, y, text = '']) => ({
        x: across(x),
        y: down(y),
        words: text.replaceAll('&#45;', '-').replaceAll('&#160;', ' ').trim(),
      }))
      .filter(({ words }) => words),
  };
}

function stateMarkup(id: string, { path, polygons, dot, texts }: Shapes, state?: AnyStateNode): string {
  if (dot) return `<g data-state="${id}"><circle ${dot} r="5.5"/></g>`;
  const points = [...path.matchAll(/([-\d.]+),([-\d.]+)/g)].map((point) => point.slice(1).map(Number));
  const [x, y] = [0, 1].map((axis) => Math.min(...points.map((point) => point[axis] ?? 0))) as [
    number,
    number,
  ];
  const [right, bottom] = [0, 1].map((axis) => Math.max(...points.map((point) => point[axis] ?? 0)));
  const size = `width="${rounded(Number(right) - x)}" height="${rounded(Number(bottom) - y)}"`;
  // After its outline comes the line below the name, where it says more than that.
  const lineY = texts.length > 1 ? polygons[1]?.split(/[ ,]/)[1] : undefined;
  const parts = [
    `<title>${escaped(state?.description ?? '')}</title>`,
    `<rect x="${x}" y="${y}" ${size} rx="10"/>`,
    lineY && `<path d="M${x},${lineY}H${right}"/>`,
    ...texts.map(({ x, y, words }) => `<text x="${x}" y="${y}">${words}</text>`),
  ];
  const box = state && isComposite(state) ? ' class="box"' : '';
  return `<g data-state="${id}"${box}>${parts.filter(Boolean).join('')}</g>`;
}

function arrowMarkup(
  from: string,
  to: string,
  { path, polygons: [head], texts }: Shapes,
  { events, kind }: { events: string[]; kind: ReturnType<typeof kindOf> },
): string {
  const names = `data-from="${from}" data-to="${to}" data-events="${[...new Set(events)].join(' ')}"`;
  const labels = texts.map(
    ({ x, y, words }, index) =>
      `<text data-event="${events[index]}" x="${rounded(x + 4)}" y="${y}">${words}</text>`,
  );
  const drawn = `<path d="${path}"/><polygon points="${head}"/>${labels.join('')}`;
  return `<g ${names}${kind === 'ink' ? '' : ` class="${kind}"`}>${drawn}</g>`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
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

/** Which of the colours an arrow has. */
function kindOf({ to, transitions }: Arrow, start: AnyStateNode): 'ink' | 'back' | 'fault' {
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
function endsOf(title: string): string[] {
  return title.replaceAll('&#45;', '-').replaceAll('&gt;', '>').split('->');
}

/** Moves labels off their arrow. */
function withRoom(edge: string): string {
  return edge.replace(/(<text [^>]*x=")([-.\d]+)/g, (_, text, x) => `${text}${Number(x) + 4}`);
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
