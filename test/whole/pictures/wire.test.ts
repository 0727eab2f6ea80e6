/** The sequence in the docs is what goes over the wire. After a change of it: `npm run pictures`. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drawWire, withWire } from '../../../tools/pictures/wire-diagram.ts';

const wire = await drawWire();

describe('docs/wire.md', () => {
  it('shows the requests of the flow that runs (else: npm run pictures)', () => {
    const page = readFileSync('docs/wire.md', 'utf8');
    expect(page).toBe(withWire(page, wire));
  });

  it('is the same at each drawing', async () => {
    expect(await drawWire()).toBe(wire);
  });

  it('shows each operation of a sign-in, the throttled read and the headers that Plex looks at', () => {
    for (const part of [
      'POST /api/v2/pins?strong=true',
      'GET /api/v2/pins/{pinID}',
      'GET /api/v2/user, X-Plex-Token',
      'DELETE /api/v2/users/signout, X-Plex-Token',
      '429 Retry-After 5',
      'Accept application/json<br/>X-Plex-Client-Identifier<br/>X-Plex-Product',
    ]) {
      expect(wire).toContain(part);
    }
  });

  it('counts the reads that bring nothing, before and after the throttling', () => {
    const loops = wire.match(/loop .*/g);
    expect(loops).toEqual([
      'loop 19 reads from 1 s to 19 s, 1 s apart',
      expect.stringMatching(/^loop \d\d reads from 25 s to 1\d\d(\.\d)? s, 1 to 2\.\d s apart$/),
    ]);
  });

  it('holds no token, no code and no id of a PIN', () => {
    expect(wire).not.toMatch(/[A-Za-z0-9]{20}|\d{7}/);
  });

  it('has in each line a statement of Mermaid', () => {
    const lines = wire.trimEnd().split('\n');
    const statement =
      /^(sequenceDiagram|actor \w+|participant \w+ as [\w. -]+|Note over \w+,\w+: [^;#]+|\w+--?>>\w+: [^;#]+|loop [^;#]+|end)$/;
    expect(lines.filter((line) => !statement.test(line.trim()))).toEqual([]);
  });
});

describe('the marks of the page', () => {
  it('take the text between them, again and again', () => {
    const filled = '<!-- wire -->\n\n```mermaid\nnew $1\n```\n\n<!-- /wire -->';
    expect(withWire('<!-- wire -->old<!-- /wire -->', 'new $1\n')).toBe(filled);
    expect(withWire(filled, 'new $1\n')).toBe(filled);
    expect(() => withWire('No marks', 'new\n')).toThrow('docs/wire.md has no <!-- wire -->');
  });
});
