import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createPlexEmulator } from '../../src/emulator/plex-emulator.ts';
import { createPlexClient, type PlexClientOptions } from '../../src/plex/client.ts';

interface Schema {
  type?: string;
  required: string[];
  properties: Record<string, Schema>;
  default?: unknown;
}

interface Parameter {
  name: string;
  in: 'query' | 'header' | 'path';
  required: boolean;
  schema: Schema;
  example?: unknown;
}

interface Answer {
  content: {
    'application/json': {
      schema: Schema & { 'x-examples'?: Record<string, Record<string, unknown>> };
      example?: unknown;
    };
  };
}

interface Operation {
  operationId: string;
  parameters: Parameter[];
  responses: Record<string, Answer>;
}

const file = new URL('../fixture/openapi/pins.openapi.yaml', import.meta.url);
const { paths, servers } = parse(readFileSync(file, 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
  servers: { url: string }[];
};
const ajv = new Ajv2020({
  strict: false,
  formats: {
    'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
    int32: { type: 'number', validate: Number.isInteger },
  },
});

const serverURL = servers[0]?.url ?? '';
const getPin = operationAt('/pins', 'post');
const getToken = operationAt('/pins/{pinID}', 'get');

function operationAt(path: string, method: string): Operation {
  const operation = paths[path]?.[method];
  if (!operation) throw new Error(`The document has no ${method} ${path}`);
  return operation;
}

function answerOf(operation: Operation, status: string): Answer['content']['application/json'] {
  const answer = operation.responses[status]?.content['application/json'];
  if (!answer) throw new Error(`The document has no ${status} of ${operation.operationId}`);
  return answer;
}

/** The document's own examples of an answer. */
function examplesOf(operation: Operation, status: string): Record<string, unknown>[] {
  const examples = Object.values(answerOf(operation, status).schema['x-examples'] ?? {});
  if (examples.length === 0) throw new Error(`The document has no example of ${operation.operationId}`);
  return examples;
}

/** The values of the document's examples, so that what is sent is what the document shows. */
const exampleOf = (name: string): string => {
  const parameter = getPin.parameters.find((one) => one.name === name);
  if (typeof parameter?.example !== 'string') throw new Error(`The document has no example of ${name}`);
  return parameter.example;
};
const identity: PlexClientOptions = {
  clientIdentifier: exampleOf('X-Plex-Client-Identifier'),
  product: exampleOf('X-Plex-Product'),
  device: {
    device: exampleOf('X-Plex-Device'),
    version: exampleOf('X-Plex-Version'),
    platform: exampleOf('X-Plex-Platform'),
  },
};

/** A client of the document's server that always gets this answer, and the requests it made. */
function createClient(status: number, body: unknown, options: PlexClientOptions = identity) {
  const requests: Request[] = [];
  const client = createPlexClient({
    ...options,
    serverURL,
    async fetch(input, init = {}) {
      const { signal: _, ...rest } = init;
      requests.push(new Request(input, rest));
      return Response.json(body, { status });
    },
  });
  return { client, requests };
}

/** What a request sends for a parameter, read from the one place that the document names. */
function sentFor({ in: place, name }: Parameter, request: Request, path: string): string | null {
  const url = new URL(request.url);
  if (place === 'query') return url.searchParams.get(name);
  if (place === 'header') return request.headers.get(name);
  const names = `${new URL(serverURL).pathname}${path}`.split('/');
  return url.pathname.split('/')[names.indexOf(`{${name}}`)] ?? null;
}

/** A value from the wire as its schema counts it. */
function typed(value: string, { type }: Schema): unknown {
  return type === 'string' ? value : JSON.parse(value);
}

describe('the requests of the client', () => {
  async function ask(operation: Operation): Promise<Request> {
    const { client, requests } = createClient(200, examplesOf(getToken, '200')[0]);
    if (operation === getPin) await client.getPin({ strong: true });
    else await client.getToken({ pinID: 308667304 });
    const [request] = requests;
    if (!request) throw new Error('Nothing was asked');
    return request;
  }

  const rows = [getPin, getToken].flatMap((operation) =>
    operation.parameters.map((parameter) => ({
      operation,
      parameter,
      place: parameter.in,
      name: parameter.name,
    })),
  );

  it('have the twelve parameters of the two operations to send', () => {
    expect(rows.map(({ operation: { operationId }, name }) => `${operationId} ${name}`)).toEqual([
      'getPin strong',
      'getPin X-Plex-Client-Identifier',
      'getPin X-Plex-Product',
      'getPin X-Plex-Device',
      'getPin X-Plex-Version',
      'getPin X-Plex-Platform',
      'getTokenByPinId pinID',
      'getTokenByPinId X-Plex-Client-Identifier',
      'getTokenByPinId X-Plex-Product',
      'getTokenByPinId X-Plex-Device',
      'getTokenByPinId X-Plex-Version',
      'getTokenByPinId X-Plex-Platform',
    ]);
  });

  it.each(rows)('send $name in the $place of $operation.operationId, valid by its schema', async (row) => {
    const { operation, parameter } = row;
    const path = operation === getPin ? '/pins' : '/pins/{pinID}';
    const sent = sentFor(parameter, await ask(operation), path);
    expect(sent).not.toBeNull();
    const validate = ajv.compile(parameter.schema);
    validate(typed(sent ?? '', parameter.schema));
    expect(validate.errors ?? []).toEqual([]);
    if (parameter.example !== undefined) expect(sent).toBe(parameter.example);
  });

  it.each([
    ['POST', '/pins', getPin],
    ['GET', '/pins/308667304', getToken],
  ])('are %s %s at the server of the document, asking for JSON', async (method, path, operation) => {
    const request = await ask(operation);
    expect(request.method).toBe(method);
    expect(request.url.split('?')[0]).toBe(`${serverURL}${path}`);
    expect(request.headers.get('Accept')).toBe('application/json');
  });

  it.each([getPin, getToken])(
    'send no parameter that the document does not have: $operationId',
    async (operation) => {
      const request = await ask(operation);
      const known = operation.parameters.map(({ name }) => name.toLowerCase());
      const sent = [...new URL(request.url).searchParams.keys(), ...request.headers.keys()];
      expect(sent.filter((name) => !known.includes(name.toLowerCase()))).toEqual(['accept']);
    },
  );

  it('leave strong to the default of the document where it is false', async () => {
    const strong = getPin.parameters.find(({ name }) => name === 'strong');
    expect(strong?.schema.default).toBe(false);
    const { client, requests } = createClient(201, examplesOf(getPin, '201')[0]);
    await client.getPin({ strong: false });
    expect(new URL(requests[0]?.url ?? '').searchParams.has('strong')).toBe(false);
  });

  it('leave out what is optional, and never what is required', async () => {
    const { client, requests } = createClient(201, examplesOf(getPin, '201')[0], { clientIdentifier: 'tv' });
    await client.getPin({ strong: false });
    await client.getToken({ pinID: 7 });
    for (const [index, operation] of [getPin, getToken].entries()) {
      const request = requests[index];
      if (!request) throw new Error('Nothing was asked');
      const path = operation === getPin ? '/pins' : '/pins/{pinID}';
      for (const parameter of operation.parameters)
        expect([parameter.name, sentFor(parameter, request, path) !== null]).toEqual([
          parameter.name,
          parameter.required,
        ]);
    }
  });
});

describe('the answers that the client accepts', () => {
  it.each(examplesOf(getPin, '201'))(
    'are the examples of a new PIN as they stand: $code',
    async (example) => {
      const { client } = createClient(201, example);
      expect(await client.getPin()).toMatchObject({
        pinID: example['id'],
        code: example['code'],
        expiresInMs: Number(example['expiresIn']) * 1000,
        qrURL: example['qr'],
      });
    },
  );

  it.each(examplesOf(getToken, '200'))('are the examples of a PIN as they stand: $code', async (example) => {
    const { client } = createClient(200, example);
    expect(await client.getToken({ pinID: 7 })).toMatchObject({
      status: 'pending',
      expiresInMs: Number(example['expiresIn']) * 1000,
    });
  });

  it.each(examplesOf(getToken, '200'))('are the examples with a token in them: $code', async (example) => {
    const linked = { ...example, authToken: 'gcgzw5rz2xovp84b4vha3a40' };
    const validate = ajv.compile(answerOf(getToken, '200').schema);
    validate(linked);
    expect(validate.errors ?? []).toEqual([]);
    const { client } = createClient(200, linked);
    const reading = await client.getToken({ pinID: 7 });
    expect(reading.status === 'claimed' && reading.token.reveal()).toBe('gcgzw5rz2xovp84b4vha3a40');
  });

  it('is the example of a PIN that is gone', async () => {
    const { client } = createClient(404, answerOf(getToken, '404').example);
    expect(await client.getToken({ pinID: 7 })).toHaveProperty('status', 'gone');
  });

  it.each([
    ['getPin', getPin],
    ['getToken', getToken],
  ] as const)('is the refusal of %s that the document describes', async (name, operation) => {
    const { properties } = answerOf(operation, '400').schema;
    expect(properties).toHaveProperty('errors');
    const body = { errors: [{ code: 1000, message: 'X-Plex-Client-Identifier is missing', status: 400 }] };
    expect(ajv.compile(answerOf(operation, '400').schema)(body)).toBe(true);
    const { client } = createClient(400, body);
    const asked = name === 'getPin' ? client.getPin() : client.getToken({ pinID: 7 });
    await expect(asked).rejects.toMatchObject({ code: 'PLEX_HTTP', status: 400, plexCode: 1000 });
  });

  it('are those of the emulator at the paths of the document', async () => {
    const emulator = createPlexEmulator();
    const client = createPlexClient({ ...identity, serverURL, fetch: emulator.fetch });
    const { pinID } = await client.getPin();
    await client.getToken({ pinID });
    const at = new URL(serverURL).pathname;
    expect(emulator.requests.map(({ path }) => path)).toEqual([`${at}/pins`, `${at}/pins/${pinID}`]);
  });
});

describe('where plex.tv is known to differ from the document (plex-wire.md)', () => {
  const [example = {}] = examplesOf(getToken, '200');
  const { schema } = answerOf(getToken, '200');
  const isValid = ajv.compile(schema);
  /** What the flow reads of a PIN; of the fields that the document requires it needs no other. */
  const needed = ['id', 'code', 'expiresIn'];

  async function isAccepted(body: object): Promise<boolean> {
    const { client } = createClient(200, body);
    await client.getPin();
    return (await client.getToken({ pinID: 7 })).status === 'pending';
  }

  describe('1: it requires what may be missing', () => {
    it.each(schema.required.filter((name) => !needed.includes(name)))(
      'accepts a PIN without %s',
      async (name) => {
        const { [name]: _, ...rest } = example;
        expect(isValid(rest)).toBe(false);
        expect(await isAccepted(rest)).toBe(true);
      },
    );

    it.each(needed)('does not accept a PIN without %s, which the document requires too', async (name) => {
      expect(schema.required).toContain(name);
      const { [name]: _, ...rest } = example;
      await expect(isAccepted(rest)).rejects.toMatchObject({ code: 'PLEX_BAD_REPLY' });
    });

    it('and of a location, every part', async () => {
      for (const name of schema.properties['location']?.required ?? []) {
        const { [name]: _, ...rest } = example['location'] as Record<string, unknown>;
        expect(isValid({ ...example, location: rest })).toBe(false);
        expect(await isAccepted({ ...example, location: rest })).toBe(true);
      }
    });
  });

  describe('2: it types what drifts', () => {
    const location = example['location'] as object;
    it.each<[string, object]>([
      ['newRegistration true', { newRegistration: true }],
      ['newRegistration false', { newRegistration: false }],
      ['a postal code that is a number', { location: { ...location, postal_code: 4814 } }],
    ])('accepts %s, which the document forbids', async (_name, drift) => {
      expect(isValid({ ...example, ...drift })).toBe(false);
      expect(await isAccepted({ ...example, ...drift })).toBe(true);
    });
  });
});
