/** What all layouts of the chart's picture ask of ELK. */
import createELK, { type ElkExtendedEdge, type ElkNode, type ElkPort } from 'elkjs/lib/elk.bundled.js';
import { textWidth } from './text-width.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Point, Size {}

export type Side = 'NORTH' | 'EAST' | 'SOUTH' | 'WEST';

export const labelSize = 12;
export const lineHeight = 14;

const shared = {
  'elk.algorithm': 'layered',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
  'elk.layered.crossingMinimization.forceNodeModelOrder': 'true',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.nodePlacement.favorStraightEdges': 'true',
  'elk.spacing.edgeLabel': '3',
};

/** Lays out a graph, which may have ports of its own. The same graph always gets the same layout. */
export async function layOutGraph(
  direction: 'DOWN' | 'RIGHT',
  graph: Pick<ElkNode, 'children' | 'edges' | 'ports'>,
  options: Record<string, string>,
): Promise<ElkNode> {
  const layoutOptions = { ...shared, 'elk.direction': direction, ...options };
  // ELK gives no ports to the outermost node.
  const { children = [] } = await new createELK.default().layout({
    id: 'around',
    children: [{ id: 'graph', layoutOptions, ...graph }],
  });
  return children[0] as ElkNode;
}

export function fixedPort(id: string, side: Side, { x, y }: Point): ElkPort {
  return { id, x, y, width: 0, height: 0, layoutOptions: { 'elk.port.side': side } };
}

export function freePort(id: string, side: Side): ElkPort {
  return { id, width: 0, height: 0, layoutOptions: { 'elk.port.side': side } };
}

/** @param isStraight Whether no other edge may bend this one, the usual way. Its words are bold. */
export function edge(
  id: string,
  [from, to]: readonly [string, string],
  words: readonly string[] = [],
  isStraight = false,
): ElkExtendedEdge {
  const width = Math.max(0, ...words.map((word) => textWidth(word, labelSize, isStraight)));
  const label = { text: words.join('\n'), width, height: words.length * lineHeight };
  return {
    id,
    sources: [from],
    targets: [to],
    labels: words.length > 0 ? [label] : [],
    layoutOptions: isStraight ? { 'elk.layered.priority.straightness': '100' } : {},
  };
}

/** The bends of an edge, its ends included. */
export function pointsOf({ edges = [] }: ElkNode, id: string): Point[] {
  const [section] = edges.find((one) => one.id === id)?.sections ?? [];
  if (!section) throw new Error(`ELK left out the edge ${id}`);
  return [section.startPoint, ...(section.bendPoints ?? []), section.endPoint].map(({ x, y }) => ({ x, y }));
}

/** Where ELK placed the label of an edge. */
export function labelAt({ edges = [] }: ElkNode, id: string): Box {
  const { x = 0, y = 0, width = 0, height = 0 } = edges.find((one) => one.id === id)?.labels?.[0] ?? {};
  return { x, y, width, height };
}

export function boxIn({ children = [] }: ElkNode, id: string): Box {
  const { x = 0, y = 0, width = 0, height = 0 } = children.find((one) => one.id === id) ?? {};
  return { x, y, width, height };
}

export function moved({ x, y }: Point, by: Point): Point {
  return { x: x + by.x, y: y + by.y };
}
