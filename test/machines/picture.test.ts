/** The pictures that are kept show the chart that runs. After a change of the chart: `npm run draw`. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { narrowChart, wideChart } from '../../live-view/chart-picture.ts';
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import { labelOf, statesOf, transitionsOf } from '../../tools/draw/chart-parts.ts';
import { writeChartPicture } from '../../tools/draw/chart-picture.ts';
import { drawMermaid, withMermaid } from '../../tools/draw/draw-mermaid.ts';
import { dark, drawSVG } from '../../tools/draw/draw-svg.ts';

const states = statesOf(pinAuthMachine);
const labels = states.flatMap(transitionsOf).map(labelOf);

/** The words in a picture, without its lines and boxes. */
function wordsIn(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, word = '']) =>
    word
      .replaceAll('&#45;', '-')
      .replaceAll('&#160;', ' ')
      .replace(/^in every state: |\/ .*$/g, '')
      .trim(),
  );
}

describe('machines/pin-auth.svg', () => {
  it('is the picture of the chart that runs', async () => {
    expect(readFileSync('machines/pin-auth.svg', 'utf8')).toBe(await drawSVG(pinAuthMachine));
  });

  it('is the same at each drawing', async () => {
    expect(await drawSVG(pinAuthMachine)).toBe(await drawSVG(pinAuthMachine));
  });

  it('shows every state and every transition', async () => {
    const words = wordsIn(await drawSVG(pinAuthMachine));
    expect(words).toEqual(expect.arrayContaining(states.map(({ key }) => key)));
    const countOf = (list: string[]) =>
      Object.fromEntries(labels.map((label) => [label, list.filter((word) => word === label).length]));
    expect(countOf(words)).toEqual(countOf(labels));
  });

  it('says to screen readers what it is, and what each state means', async () => {
    const svg = await drawSVG(pinAuthMachine);
    expect(svg).toMatch(/^<svg role="img"[^>]*>\n<title>pinAuth: Signs a user in with a Plex PIN\.<\/title>/);
    for (const { key, description } of states) expect(svg).toContain(`${key}: ${description}`);
  });

  it('stands on white, fetches nothing and runs nothing', async () => {
    const svg = await drawSVG(pinAuthMachine);
    expect(svg).toContain('<rect width="100%" height="100%" rx="12" fill="#fff"/>');
    expect(svg).not.toMatch(/<script|<image|href=|url\(|@import/);
  });
});

describe('docs/pictures/pin-auth-dark.svg', () => {
  it('is the same picture on dark', async () => {
    const kept = readFileSync('docs/pictures/pin-auth-dark.svg', 'utf8');
    expect(kept).toBe(await drawSVG(pinAuthMachine, dark));
    expect(kept).toContain('fill="#161b22"/>');
    expect(kept).not.toMatch(/#24292f|#fff"/);
    expect(wordsIn(kept)).toEqual(wordsIn(await drawSVG(pinAuthMachine)));
  });
});

describe('what the pictures carry', () => {
  const ids = states.filter(({ parent }) => parent).map(({ id }) => id);
  const arrows = states.flatMap((from) =>
    transitionsOf(from).flatMap(({ target = [] }) => target.map((to) => `${from.id} ${to.id}`)),
  );

  it.each([
    ['machines/pin-auth.svg', readFileSync('machines/pin-auth.svg', 'utf8')],
    ['the live view’s wide one', wideChart],
    ['the live view’s narrow one', narrowChart],
  ])('is which state and which arrow is which: %s', (_, svg) => {
    const named = [...svg.matchAll(/data-state="([^"]*)"/g)].map(([, id]) => id);
    expect(named.filter((id) => !id?.endsWith('.initial')).toSorted()).toEqual(ids.toSorted());
    const drawn = [...svg.matchAll(/data-from="([^"]*)" data-to="([^"]*)"/g)].map(
      ([, from, to]) => `${from} ${to}`,
    );
    expect(drawn).toEqual([...new Set(drawn)]);
    expect(drawn).toEqual(expect.arrayContaining([...new Set(arrows)]));
  });
});

describe('live-view/chart-picture.ts', () => {
  it('is the picture of the chart that runs, without a colour', async () => {
    const kept = readFileSync('live-view/chart-picture.ts', 'utf8');
    expect(kept).toBe(await writeChartPicture(pinAuthMachine));
    expect(kept).not.toMatch(/fill=|stroke=|style=|font|<script|href/);
  });

  it('shows every state in both pictures, and every transition in the wide one', () => {
    const words = wordsIn(wideChart);
    const inside = states.filter(({ parent }) => parent).flatMap(transitionsOf);
    for (const transition of inside) {
      const isDrawn = words.some((word) => word === labelOf(transition));
      expect(isDrawn, labelOf(transition)).toBe(true);
    }
    const named = states.filter(({ parent }) => parent).map(({ key }) => key);
    expect(wordsIn(narrowChart).toSorted()).toEqual(named.toSorted());
  });
});

describe('the Mermaid text', () => {
  it('is, in docs/chart.md, that of the chart that runs', () => {
    const page = readFileSync('docs/chart.md', 'utf8');
    expect(page).toBe(withMermaid(page, drawMermaid(pinAuthMachine)));
  });

  it('draws arrows, boxes, guards, ends of waits and events that stay', () => {
    const machine = createMachine({
      id: 'door',
      initial: 'shut',
      on: { RING: { actions: 'chime' } },
      states: {
        shut: { on: { OPEN: { target: 'open', guard: 'isFree' }, KICK: 'open', KNOCK: { actions: 'hear' } } },
        open: {
          initial: 'wide',
          after: { patience: 'shut' },
          states: {
            wide: { invoke: { id: 'hold', src: 'hold', onDone: 'ajar', onError: '#door.shut' } },
            ajar: { always: { target: 'wide', guard: 'isWindy' } },
          },
        },
      },
    });
    expect(drawMermaid(machine)).toBe(`stateDiagram-v2
  %% in every state: RING/ chime
  [*] --> shut
  state open {
    [*] --> wide
    wide --> ajar : hold
    ajar --> wide : [isWindy]
  }
  shut --> open : OPEN [isFree]<br/>KICK
  shut --> shut : KNOCK/ hear
  open --> shut : after patience
  wide --> shut : hold error
`);
  });

  it('has in each line a statement of Mermaid, and one line for each arrow', () => {
    const lines = drawMermaid(pinAuthMachine).trimEnd().split('\n');
    const statement =
      /^(stateDiagram-v2|%% [^\n]+|state \w+ \{|\}|\[\*\] --> \w+|\w+ --> \w+ : (?:[^:;\n<]|<br\/>)+)$/;
    expect(lines.filter((line) => !statement.test(line.trim()))).toEqual([]);
    const arrows = lines.flatMap((line) => /\w+ --> \w+/.exec(line) ?? []);
    expect(arrows).toEqual([...new Set(arrows)]);
  });

  it('shows every transition', () => {
    const words = drawMermaid(pinAuthMachine)
      .split(/\n|<br\/>/)
      .map((line) => line.replace(/^.*: |\/ .*$/g, '').trim());
    for (const label of labels) expect(words).toContain(label);
  });

  it('goes between the marks of a page, and nowhere else', () => {
    const readme = 'Before\n<!-- chart -->old<!-- /chart -->\nAfter\n';
    const filled = 'Before\n<!-- chart -->\n\n```mermaid\nnew $1\n```\n\n<!-- /chart -->\nAfter\n';
    expect(withMermaid(readme, 'new $1\n')).toBe(filled);
    expect(withMermaid(filled, 'new $1\n')).toBe(filled);
    expect(() => withMermaid('No marks', 'new\n')).toThrow('The page has no <!-- chart -->');
  });
});
