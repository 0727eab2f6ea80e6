/** Issue 15: addresses where `URL` is that of React Native 0.76, and where it is the Web's. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlexClient } from '../src/plex/client.ts';
import { readPageURL } from '../src/read-page-url.ts';

const WebURL = globalThis.URL;

/** As in React Native 0.76: it takes any text, adds a slash, and throws for each part. */
class PhoneURL {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text.endsWith('/') ? text : `${text}/`;
  }

  get href(): string {
    return this.#text;
  }

  get protocol(): string {
    throw new Error('URL.protocol is not implemented');
  }

  get pathname(): string {
    throw new Error('URL.pathname not implemented');
  }
}

const addresses = [
  'https://plex.tv/api/v2/pins/qr/7RQZ',
  'HTTPS://Plex.TV:443/a?b#c',
  'http://127.0.0.1:4010/',
  'http://[::1]:80/x',
  'https://my-host_1.example:8443/api',
];
const refused = [
  'plex.tv',
  '',
  'ftp://plex.tv/',
  'javascript:alert(1)',
  'https://user@plex.tv/',
  'https://user:word@plex.tv/',
  'https://',
  'http://a b/',
];
/** The Web reads these as something else than they seem to be. */
const odd = ['http://127.0.0.1\\@elsewhere.example/', 'https:plex.tv', ' https://plex.tv/'];

function partsOf(address: string) {
  const { protocol, hostname, origin, pathname } = readPageURL(address) ?? {};
  return { protocol, hostname, origin, pathname };
}

const ofTheWeb = addresses.map(partsOf);

describe('where URL is the Web’s', () => {
  it.each(refused)('refuses %j', (address) => expect(readPageURL(address)).toBeUndefined());
});

describe('where URL is React Native’s own', () => {
  beforeEach(() => {
    globalThis.URL = PhoneURL as unknown as typeof URL;
  });

  afterEach(() => {
    globalThis.URL = WebURL;
  });

  it('reads the same parts', () => {
    expect(addresses.map(partsOf)).toEqual(ofTheWeb);
  });

  it('leaves an address as it is', () => {
    expect(readPageURL('https://plex.tv/api/v2/pins/qr/7RQZ')?.href).toBe(
      'https://plex.tv/api/v2/pins/qr/7RQZ',
    );
  });

  it.each([...refused, ...odd])('refuses %j', (address) => expect(readPageURL(address)).toBeUndefined());

  it('gets a PIN at a server that the app names, and keeps the address of its picture', async () => {
    const asked: string[] = [];
    const qr = 'https://plex.tv/api/v2/pins/qr/7RQZ';
    const client = createPlexClient({
      product: 'Phone',
      clientIdentifier: 'phone',
      serverURL: 'http://127.0.0.1:4010',
      async fetch(input) {
        asked.push(String(input));
        return Response.json(
          { id: 1, code: '7RQZ', clientIdentifier: 'phone', expiresIn: 900, qr },
          { status: 201 },
        );
      },
    });
    expect(await client.getPin()).toMatchObject({ code: '7RQZ', qrURL: qr });
    expect(asked).toEqual(['http://127.0.0.1:4010/api/v2/pins']);
  });

  it('refuses a server whose answers others can read', () => {
    const options = { product: 'Phone', clientIdentifier: 'phone', serverURL: 'http://plex.example' };
    expect(() => createPlexClient(options)).toThrow('serverURL must be an https URL');
  });
});
