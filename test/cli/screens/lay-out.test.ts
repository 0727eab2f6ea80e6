import { describe, expect, it } from 'vitest';
import { glyphsOf } from '../../../src/cli/screens/glyphs.ts';
import { toHintText } from '../../../src/cli/screens/key-hints.ts';
import { countRows, layOut, type PictureWish, sizeForPicture } from '../../../src/cli/screens/lay-out.ts';

const picture = { lines: Array.from({ length: 17 }, () => '#'.repeat(33)), columns: 33, rows: 17 };
const pageURL = `https://app.plex.tv/auth#?${'x'.repeat(150)}`;
const consent = {
  task: 'Open this page and approve:',
  essence: [pageURL],
  picture,
  pageURL,
  copied: { name: 'link', text: pageURL },
} as const;
const typing = {
  ...consent,
  task: '',
  essence: ['Open https://plex.tv/link and type', '+---+', '| 7 |', '+---+'],
};
const foot = {
  header: [] as string[],
  status: 'Waiting',
  hint: 'Enter opens the page',
  keys: ['Enter opens the page'],
};

function layOutIn(
  columns: number,
  rows: number,
  invitation: typeof consent | typeof typing,
  wish: PictureWish = 'besideWords',
) {
  return layOut(invitation, foot, { columns, rows }, wish);
}

describe('the layout of a sign-in', () => {
  const sizes = [20, 28, 40, 60, 80, 120, 200].flatMap((columns) =>
    [12, 15, 20, 24, 30, 40].map((rows) => ({ columns, rows })),
  );

  it.each(sizes)(
    'has the link, the code and the status in a window of $columns by $rows',
    ({ columns, rows }) => {
      for (const invitation of [consent, typing]) {
        const { lines, isComplete, hasPicture } = layOutIn(columns, rows, invitation);
        expect(isComplete).toBe(true);
        expect(lines).toEqual(expect.arrayContaining([foot.status]));
        for (const line of invitation.essence)
          expect(lines.some((shown) => shown.startsWith(line))).toBe(true);
        expect(countRows(lines, columns)).toBeLessThanOrEqual(rows);
        expect(lines.some((line) => line.includes('####'))).toBe(hasPicture);
      }
    },
  );

  it('has what was said before on top, where the picture leaves room for it, or else where the words do', () => {
    const around = { ...foot, header: ['Sign in to Plex', 'Live view: http://127.0.0.1:1/#key'] };
    const layOutBelow = (columns: number, rows: number) =>
      layOut(typing, around, { columns, rows }, 'besideWords');
    expect(layOutBelow(80, 24)).toMatchObject({
      hasPicture: true,
      lines: expect.arrayContaining(around.header),
    });
    expect(layOutBelow(80, 24).lines.slice(0, 2)).toEqual(around.header);
    const tight = layOutBelow(80, 21);
    expect([tight.hasPicture, tight.lines.includes('Sign in to Plex')]).toEqual([true, false]);
    const plain = layOutBelow(50, 12);
    expect([plain.hasPicture, plain.lines.includes('Sign in to Plex')]).toEqual([false, true]);
    expect(layOutBelow(50, 9).lines).not.toContain('Sign in to Plex');
  });

  it('puts the picture beside the words where the window is wide, else below where it is high', () => {
    const beside = layOutIn(80, 24, typing).lines;
    expect(beside[1]).toMatch(/^Open https:\/\/plex\.tv\/link and type {3}#{33}$/);
    const below = layOutIn(60, 30, typing).lines;
    expect(below[1]).toBe('Open https://plex.tv/link and type');
    expect(below).toContain(picture.lines[0]);
    expect(layOutIn(60, 30, typing, 'hidden').hasPicture).toBe(false);
    expect(layOutIn(60, 20, typing).hasPicture).toBe(false);
  });

  it('puts the picture in place of the words where the user asked for it and there is no other room', () => {
    for (const [rows, ends] of [
      [21, ['', foot.status, foot.hint]],
      [20, [foot.status, foot.hint]],
      [18, [foot.hint]],
    ] as const) {
      const alone = layOutIn(59, rows, consent, 'asked');
      expect(alone).toMatchObject({ hasPicture: true, isComplete: true });
      expect(alone.lines.filter(Boolean)).toEqual([...picture.lines, ...ends].filter(Boolean));
      expect(layOutIn(59, rows, consent).hasPicture).toBe(false);
    }
    expect(layOutIn(60, 40, consent, 'asked')).toEqual(layOutIn(60, 40, consent));
    expect(layOutIn(32, 40, consent, 'asked').hasPicture).toBe(false);
  });

  it('keeps link, keys and status beside a picture that was asked for, the link in several rows', () => {
    for (const [columns, rows] of [
      [60, 18],
      [80, 22],
    ] as const) {
      const { lines, hasPicture } = layOutIn(columns, rows, consent, 'asked');
      const words = lines.map((line) => line.replaceAll('#'.repeat(33), '').trim());
      expect([hasPicture, words.join('')]).toEqual([
        true,
        `${consent.task.replace(/ (?=approve)/, columns === 60 ? '' : ' ')}${pageURL}${foot.hint}${foot.status}`,
      ]);
      expect(countRows(lines, columns)).toBeLessThanOrEqual(rows);
      expect(layOutIn(columns, rows, consent).hasPicture).toBe(false);
    }
  });

  it('says how large the window must be for the picture, no larger than that', () => {
    for (const invitation of [consent, typing])
      for (const [wide, needed] of [
        [20, { columns: 33, rows: 18 }],
        [80, { columns: 80, rows: 17 }],
      ] as const) {
        const { columns, rows } = needed;
        expect(sizeForPicture(invitation, foot, { columns: wide, rows: 5 })).toEqual(needed);
        expect(layOutIn(columns, rows, invitation, 'asked').hasPicture).toBe(true);
        expect(layOutIn(columns, rows - 1, invitation, 'asked').hasPicture).toBe(false);
        expect(layOutIn(32, rows, invitation, 'asked').hasPicture).toBe(false);
      }
  });

  it('has link, keys and status beside a picture as high as the window, if it was asked for', () => {
    const { lines, hasPicture } = layOutIn(80, picture.rows, consent, 'asked');
    expect([hasPicture, lines.length]).toEqual([true, picture.rows]);
    const words = lines.map((line) => line.replaceAll('#'.repeat(33), '').trim());
    expect(words.join('')).toBe(`${consent.task}${pageURL}${foot.hint}${foot.status}`);
  });

  it('shows the status and the keys where not even the link fits, or the status alone', () => {
    const rest = { hasPicture: false, isComplete: false };
    expect(layOutIn(20, 5, consent)).toEqual({ lines: ['Waiting', foot.hint], ...rest });
    expect(layOutIn(20, 1, consent)).toEqual({ lines: ['Waiting'], ...rest });
  });

  it('shows what came of a key in place of the hint, or where one row is left, in place of the status', () => {
    const notice = { lines: ['Copied the code, if', 'this terminal can'], brief: 'Copied the c…' };
    const layOutWith = (columns: number, rows: number) =>
      layOut(typing, { ...foot, notice }, { columns, rows }, 'hidden').lines.slice(-2);
    expect(layOutWith(40, 20)).toEqual(notice.lines);
    expect(layOutWith(40, 5)).toEqual(['+---+', notice.brief]);
    const above = (rows: number) =>
      layOut(consent, { ...foot, notice }, { columns: 20, rows }, 'hidden').lines;
    // More rows would push the link, which stands above, out of the window.
    expect(above(5)).toEqual(['Waiting', notice.brief]);
    expect(above(1)).toEqual([notice.brief]);
  });

  it('keeps the picture while it says what came of a key', () => {
    const notice = { lines: ['Copied the code, if', 'this terminal can'], brief: 'Copied the c…' };
    for (const rows of [18, 19, 20, 21, 24, 40]) {
      const size = { columns: 60, rows };
      const said = layOut(typing, { ...foot, notice }, size, 'asked');
      expect(said.hasPicture).toBe(true);
      expect(said.lines.at(-1)).toBe(notice.brief);
    }
  });
});

describe('the hint about the keys', () => {
  const keys = { canOpen: true, copied: 'link', hasPicture: false } as const;

  it.each([
    [80, 'Enter opens the page · c copies the link · q shows the QR code · Ctrl-C cancels'],
    [78, 'Enter open · c copy · q QR · Ctrl-C end'],
    [38, 'Enter open · c copy · q QR'],
    [20, 'Enter open · c copy'],
    [10, 'Enter open'],
    [9, ''],
  ])('fits into %d columns', (columns, text) => {
    expect(toHintText(keys, columns, glyphsOf({ hasUnicode: true }))).toBe(text);
  });

  it('lists what does something, in ASCII where there is no more', () => {
    const without = { canOpen: false, copied: 'code', hasPicture: undefined } as const;
    const text = toHintText(without, 80, glyphsOf({ hasUnicode: false }));
    expect(text).toBe('c copies the code - Ctrl-C cancels');
    expect(toHintText({ ...keys, hasPicture: true }, 80, glyphsOf({ hasUnicode: true }))).toContain(
      'q hides',
    );
  });
});
