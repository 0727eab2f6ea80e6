/** The pictures that are kept show the chart that runs. After a change of the chart: `npm run draw`. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { narrowChart, wideChart } from '../../live-view/chart-picture.ts';
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import { createPlexClient } from '../../src/plex/client.ts';
import { createPlexEmulator } from '../../src/testing/index.ts';
import { initialOf, isComposite, labelOf, statesOf, transitionsOf } from '../../tools/draw/chart-parts.ts';
import { writeChartPicture } from '../../tools/draw/chart-picture.ts';
import { storyOf } from '../../tools/draw/chart-story.ts';
import { wireWords } from '../../tools/draw/chart-words.ts';
import { drawMermaid, withMermaid } from '../../tools/draw/draw-mermaid.ts';
import { type Colors, dark, drawSVG, light } from '../../tools/draw/draw-svg.ts';

const states = statesOf(pinAuthMachine);
const labels = states.flatMap(transitionsOf).map(labelOf);
const files = {
  'machines/pin-auth.svg': { colors: light, orientation: 'wide', pageWidth: 830 },
  'docs/pictures/pin-auth-dark.svg': { colors: dark, orientation: 'wide', pageWidth: 830 },
  // GitHub leaves that much of a phone of 360 pixels.
  'docs/pictures/pin-auth-narrow.svg': { colors: light, orientation: 'narrow', pageWidth: 328 },
  'docs/pictures/pin-auth-narrow-dark.svg': { colors: dark, orientation: 'narrow', pageWidth: 328 },
} as const;
const pictures = Object.entries(files).map(([path, about]) => ({
  path,
  ...about,
  svg: readFileSync(path, 'utf8'),
}));

/** Every transition, with the states that it leaves and enters: `CANCEL pinAuth.awaitingLink pinAuth.idle`. */
const transitions = states.flatMap((from) =>
  transitionsOf(from).flatMap(({ eventType, target = [from] }) =>
    target.map(
      (to) => `${eventType || 'always'} ${from.id} ${(isComposite(to) && to.parent ? initialOf(to) : to).id}`,
    ),
  ),
);

function waysIn(svg: string): string[] {
  const ways = [...svg.matchAll(/data-ways="([^"]*)"/g)].flatMap(([, text = '']) => text.split(','));
  return ways.filter((way) => !way.startsWith('xstate.init ')).map((way) => way.replace('? ', ' '));
}

function wordsIn(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map(([, words = '']) =>
    words.replaceAll(/<[^>]*>/g, ''),
  );
}

describe.each(pictures)('$path', ({ path, svg, colors, orientation, pageWidth }) => {
  it('is the picture of the chart that runs, the same at each drawing', async () => {
    expect(svg).toBe(await drawSVG(pinAuthMachine, colors, orientation));
  });

  it('has each transition once, as an arrow or in the legend, and no other', () => {
    expect(waysIn(svg).toSorted()).toEqual([...new Set(transitions)].toSorted());
  });

  it('says what each transition is called in the chart', () => {
    const titles = [...svg.matchAll(/data-ways="[^"]*"><title>([^<]*)/g)].map(([, title = '']) => title);
    const named = titles.flatMap((title) => title.replace(/^.*\. /, '').split(', '));
    expect(new Set(named)).toEqual(new Set(labels));
  });

  it('has each state once, with its name and what it means', () => {
    const inside = states.filter(({ parent }) => parent);
    const drawn = [
      ...svg.matchAll(/data-state="([^"]*)"[^>]*><title>([^<]*)<\/title>.*?class="name"[^>]*>(\w+)</g),
    ];
    expect(drawn.map(([, id, meaning, name]) => `${id} ${name}: ${meaning}`).toSorted()).toEqual(
      inside.map(({ id, key, description }) => `${id} ${key}: ${description}`).toSorted(),
    );
    for (const { key, description } of states) expect(svg).toContain(`${key}: ${description}`);
  });

  it('says what goes over the wire, where the states end, and what the legend stands for', () => {
    const words = wordsIn(svg).join(' ');
    for (const wire of Object.values(wireWords)) expect(words).toContain(wire);
    expect(words).toContain('where it ends otherwise');
    for (const { name } of storyOf(pinAuthMachine).legend) expect(words).toMatch(new RegExp(`\\b${name}\\b`));
  });

  it('is legible where README is read: no text below 11 pixels', () => {
    const width = Number(/<svg [^>]*width="(\d+)"/.exec(svg)?.[1]);
    const sizes = [...svg.matchAll(/(?:font:|font-size:)(\d+)px/g)].map(([, size]) => Number(size));
    expect(Math.min(...sizes) * Math.min(1, pageWidth / width)).toBeGreaterThanOrEqual(11);
  });

  it('fetches nothing and runs nothing', () => {
    expect(svg).toMatch(
      /^<svg [^>]*role="img"[^>]*>\n<title>pinAuth: Signs a user in with a Plex PIN\.<\/title>/,
    );
    expect(svg.replace(/xmlns="[^"]*"/, '')).not.toMatch(/<script|<image|href=|url\(|@import|http/);
  });

  it('has a straight usual way', () => {
    const usual = [
      ...svg.matchAll(/<g class="usual" data-ways="[^"]*"><title>[^<]*<\/title><path d="([^"]*)"/g),
    ];
    expect(usual).toHaveLength(4);
    for (const [, line = ''] of usual) expect(line).toMatch(/^M[\d.,-]+L[\d.,-]+$/);
    const places = usual.flatMap(([, line = '']) => [...line.matchAll(/([\d.-]+),([\d.-]+)/g)]);
    const across = places.map((place) => Number(place[orientation === 'wide' ? 2 : 1]));
    expect(Math.max(...across) - Math.min(...across)).toBeLessThan(2);
  });

  it(`shares all but its colours with its twin: ${path}`, async () => {
    const twin = await drawSVG(pinAuthMachine, colors === light ? dark : light, orientation);
    const bare = (text: string) => text.replace(/<style>.*?<\/style>/s, '');
    expect(bare(twin)).toBe(bare(svg));
  });
});

describe.each([
  ['light', light],
  ['dark', dark],
] as const)('the %s colours', (_, colors) => {
  it.each(['line', 'usual', 'end'] as const)('have a contrast of 3 at least: the lines, %s', (name) => {
    for (const ground of ['paper', 'box', 'usualTint', 'endTint'] as const)
      expect(contrast(colors[name], colors[ground]), ground).toBeGreaterThanOrEqual(3);
  });

  it.each([
    ['ink', ['paper', 'box', 'usualTint', 'endTint']],
    ['muted', ['paper', 'box', 'usualTint', 'endTint']],
    ['usualText', ['paper', 'box']],
    ['end', ['paper', 'box']],
  ] as [keyof Colors, (keyof Colors)[]][])(
    'have a contrast of 4.5 at least: the texts, %s',
    (name, grounds) => {
      for (const ground of grounds)
        expect(contrast(colors[name], colors[ground]), ground).toBeGreaterThanOrEqual(4.5);
    },
  );
});

/** WCAG 2.2, contrast ratio. */
function contrast(one: string, other: string): number {
  const [dim = 0, bright = 0] = [one, other].map(luminance).toSorted((a, b) => a - b);
  return (bright + 0.05) / (dim + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe('the story of the picture', () => {
  it('tells each transition exactly once', () => {
    const { arrows, legend } = storyOf(pinAuthMachine);
    const told = [...arrows, ...legend].flatMap(({ ways }) => ways.map(({ transition }) => transition));
    expect(told).toHaveLength(new Set(told).size);
    expect(new Set(told)).toEqual(new Set(states.flatMap(transitionsOf)));
  });

  it('leads the usual way from the first state to a token', () => {
    const { spine, arrows, beside } = storyOf(pinAuthMachine);
    const names = ['idle', 'asking', 'awaitingLink', 'fetchingToken', 'authenticated'];
    expect(spine.map(({ key }) => key)).toEqual(names);
    const usual = arrows.filter(({ kind }) => kind === 'usual');
    expect(usual.map(({ from, to }) => `${from.key} ${to.key}`)).toEqual(
      names.slice(1).map((name, index) => `${names[index]} ${name}`),
    );
    expect(beside.map(({ key }) => key)).toEqual(['failed', 'expired', 'signingOut']);
  });

  it('has no words for a transition that it does not know', () => {
    const machine = createMachine({
      id: 'door',
      initial: 'shut',
      states: { shut: { on: { OPEN: 'open' } }, open: {} },
    });
    expect(() => storyOf(machine)).toThrow('The usual way breaks off in shut, which has no START');
  });
});

describe('what goes over the wire', () => {
  it('is what the client sends', async () => {
    const emulator = createPlexEmulator();
    const sent: string[] = [];
    const client = createPlexClient({
      product: 'Moviebox',
      clientIdentifier: 'a-client',
      fetch: (input, init) => {
        const request = new Request(input, init);
        sent.push(`${request.method} ${new URL(request.url).pathname.replace('/api/v2', '')}`);
        return emulator.fetch(request);
      },
    });
    const pin = await client.getPin();
    await client.getToken({ pinID: pin.pinID });
    await client.signOut({ token: emulator.accountToken });
    const words = [wireWords['getPin'], wireWords['getToken'], wireWords['signOut']];
    expect(sent.map((line) => line.replace(`${pin.pinID}`, '{id}').replace('/users', '…'))).toEqual(words);
  });
});

describe('live-view/chart-picture.ts', () => {
  it.each([
    ['wide', wideChart],
    ['narrow', narrowChart],
  ])('says beside each name of the legend where it leads or what it does: %s', (_, svg) => {
    const lines = [...svg.matchAll(/data-legend="(\w+)".*/g)].map(([line, name]) => ({
      name,
      words: wordsIn(line).join(' '),
    }));
    expect(lines.map(({ name }) => name)).toEqual(storyOf(pinAuthMachine).legend.map(({ name }) => name));
    expect(lines.filter(({ words }) => !/[→:] \w/.test(words))).toEqual([]);
  });

  it('leaves the gaps within the brief legend to the reader’s font, and has two columns', () => {
    const lines = [...narrowChart.matchAll(/data-legend="(\w+)".*/g)].map(([line, name = '']) => ({
      name,
      words: wordsIn(line),
      x: /<text x="([\d.]+)"/.exec(line)?.[1],
    }));
    for (const { name, words } of lines) {
      expect(words).toHaveLength(1);
      expect(words[0]).toMatch(new RegExp(`^${name}(:| →) \\w`));
    }
    expect(new Set(lines.map(({ x }) => x)).size).toBe(2);
  });

  it('is the picture of the chart that runs, without a colour', async () => {
    const kept = readFileSync('live-view/chart-picture.ts', 'utf8');
    expect(kept).toBe(await writeChartPicture(pinAuthMachine));
    expect(kept).not.toMatch(/fill=|stroke=|style=|font|<script|href/);
  });

  it.each([
    ['wide', wideChart, 'machines/pin-auth.svg'],
    ['narrow', narrowChart, 'docs/pictures/pin-auth-narrow.svg'],
  ])('has the same states, arrows and legend in the same places as README: %s', (_, picture, path) => {
    expect(waysIn(picture).toSorted()).toEqual([...new Set(transitions)].toSorted());
    const drawn = (svg: string) => /<g transform[\s\S]*?\n<\/g>/.exec(svg)?.[0];
    expect(drawn(picture)).toBe(drawn(readFileSync(path, 'utf8')));
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
