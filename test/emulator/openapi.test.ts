import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createPlexEmulator } from '../../src/emulator/index.ts';
import { askPlex, makePin } from './ask-plex.ts';

interface Operation {
  responses: Record<
    string,
    { content: { 'application/json': { schema: { required: string[]; properties: object } } } }
  >;
}

const file = new URL('../fixture/openapi/pins.openapi.yaml', import.meta.url);
const { paths } = parse(readFileSync(file, 'utf8')) as { paths: Record<string, Record<string, Operation>> };
const ajv = new Ajv2020({
  strict: false,
  formats: {
    'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
    int32: { type: 'number', validate: Number.isInteger },
  },
});

function schemaOf(path: string, method: string, status: number) {
  const schema = paths[path]?.[method]?.responses[status]?.content['application/json'].schema;
  if (!schema) throw new Error(`The document has no ${status} for ${method} ${path}`);
  return schema;
}

const validatorOf = (...operation: [string, string, number]): ValidateFunction =>
  ajv.compile(schemaOf(...operation));

function expectValid(value: unknown, validate: ValidateFunction): void {
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
}

describe('the OpenAPI document', () => {
  it.each(['?strong=true', ''])('describes the PIN of POST /pins%s, waiting and linked', async (query) => {
    const emulator = createPlexEmulator();
    const { json } = await askPlex(emulator, `POST /api/v2/pins${query}`);
    expectValid(json, validatorOf('/pins', 'post', 201));
    const validate = validatorOf('/pins/{pinID}', 'get', 200);
    expectValid((await askPlex(emulator, `GET /api/v2/pins/${json.id}`)).json, validate);
    emulator.link(json.code);
    const linked = await askPlex(emulator, `GET /api/v2/pins/${json.id}`);
    // The document has null for a linked PIN too; plex.tv says false or true (read 2026-08).
    expect(linked.json.newRegistration).toBe(false);
    expectValid({ ...linked.json, newRegistration: null }, validate);
    expect(linked.json.authToken).toEqual(expect.any(String));
  });

  it('describes the errors', async () => {
    const emulator = createPlexEmulator();
    const { id } = await makePin(emulator);
    const nobody = { headers: { 'X-Plex-Client-Identifier': '' } };
    for (const [call, path, method, status, init] of [
      ['POST /api/v2/pins', '/pins', 'post', 400, nobody],
      [`GET /api/v2/pins/${id}`, '/pins/{pinID}', 'get', 400, nobody],
      ['GET /api/v2/pins/1', '/pins/{pinID}', 'get', 404, {}],
    ] as const) {
      const asked = await askPlex(emulator, call, init);
      expect(asked.status).toBe(status);
      expect(asked.json.errors).toHaveLength(1);
      expectValid(asked.json, validatorOf(path, method, status));
    }
  });

  it('is narrower than plex.tv: it refuses a registration flag and a numeric postal code', async () => {
    // Both were seen in answers of plex.tv (read 2026-08), so no client may rely on the document here.
    const { json } = await askPlex(createPlexEmulator(), 'POST /api/v2/pins');
    const validate = validatorOf('/pins', 'post', 201);
    expect(validate({ ...json, newRegistration: true })).toBe(false);
    expect(validate({ ...json, location: { postal_code: 4814 } })).toBe(false);
  });

  it('lets authToken be missing, which plex.tv always sends, and requires location, which it may leave out', async () => {
    // plex.tv itself does it the other way round (read 2026-08); the emulator satisfies both.
    const { required } = schemaOf('/pins/{pinID}', 'get', 200);
    expect(required).not.toContain('authToken');
    expect(required).toEqual(expect.arrayContaining(['product', 'trusted', 'qr', 'location', 'createdAt']));
    const { json } = await askPlex(createPlexEmulator(), 'POST /api/v2/pins');
    expect(json).toHaveProperty('authToken', null);
  });

  it('does not know that plex.tv throttles', () => {
    expect(Object.keys(paths['/pins']?.['post']?.responses ?? {})).toEqual(['201', '400']);
    expect(Object.keys(paths['/pins/{pinID}']?.['get']?.responses ?? {})).toEqual(['200', '400', '404']);
  });
});
