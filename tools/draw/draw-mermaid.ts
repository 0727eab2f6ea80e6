/** The chart as Mermaid, for readers who want text. */

import type { AnyStateMachine, AnyStateNode } from 'xstate';
import {
  arrowsOf,
  commonParentOf,
  everywhereIn,
  initialOf,
  insideLabelOf,
  isComposite,
  labelOf,
} from './chart-parts.ts';

/** Writes the chart as a Mermaid `stateDiagram-v2`. */
export function drawMermaid(machine: AnyStateMachine): string {
  const arrows = arrowsOf(machine);
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
 * Puts the Mermaid text between a page's `<!-- chart -->` and `<!-- /chart -->`.
 *
 * @throws {Error} If these marks are missing.
 */
export function withMermaid(page: string, mermaid: string): string {
  const block = /(<!-- chart -->)[\s\S]*?(<!-- \/chart -->)/;
  if (!block.test(page)) throw new Error('The page has no <!-- chart --> … <!-- /chart -->');
  return page.replace(block, (_, open, close) => `${open}\n\n\`\`\`mermaid\n${mermaid}\`\`\`\n\n${close}`);
}
