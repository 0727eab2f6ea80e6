import { describe, expect, it } from 'vitest';
import { createAuthURL, createLinkURL, createQRURL } from '../../src/plex/links.ts';

const pin = { clientIdentifier: 'tv', code: 'abc123' };
const fields = (url: string) => new URLSearchParams(new URL(url).hash.slice(2));

describe('the consent page', () => {
  it('is at app.plex.tv, with everything in the fragment and brackets encoded', () => {
    const forwardURL = 'https://app.example/done?a=1&b=2#c';
    expect(createAuthURL({ ...pin, product: 'Living Room', forwardURL })).toBe(
      'https://app.plex.tv/auth#?clientID=tv&code=abc123&context%5Bdevice%5D%5Bproduct%5D=Living%20Room' +
        '&forwardUrl=https%3A%2F%2Fapp.example%2Fdone%3Fa%3D1%26b%3D2%23c',
    );
  });

  it('has nothing that is not known', () => {
    expect(createAuthURL(pin)).toBe('https://app.plex.tv/auth#?clientID=tv&code=abc123');
    expect(
      createAuthURL({ ...pin, product: undefined, device: { version: '' }, forwardURL: undefined }),
    ).toBe('https://app.plex.tv/auth#?clientID=tv&code=abc123');
  });

  it.each([
    'version',
    'platform',
    'platformVersion',
    'device',
    'deviceName',
    'model',
    'language',
    'screenResolution',
    'layout',
    'environment',
  ] as const)('has device.%s in its context', (field) => {
    const url = createAuthURL({ ...pin, device: { [field]: 'A & B' } });
    expect(url.endsWith(`&context%5Bdevice%5D%5B${field}%5D=A%20%26%20B`)).toBe(true);
    expect(fields(url).get(`context[device][${field}]`)).toBe('A & B');
  });

  it.each(['Sofa 🛋️', '居間', 'a+b', '50 % "off"', "it's <b>(!)*~", 'a#b?c=d&e', 'a\\b/c'])(
    'has the name %j whole, in ASCII, and without a plus for a space',
    (name) => {
      const url = createAuthURL({ ...pin, product: name, device: { deviceName: name } });
      expect(url).toMatch(/^[!-~]+$/);
      expect(url).not.toMatch(/[+ "<>]/);
      const hash = new URL(url).hash.slice(2);
      const context = hash.split('&').map((part) => part.split('=').map(decodeURIComponent));
      expect(Object.fromEntries(context)).toEqual({
        clientID: 'tv',
        code: 'abc123',
        'context[device][product]': name,
        'context[device][deviceName]': name,
      });
    },
  );

  it('keeps code and client out of what a server sees', () => {
    const { origin, pathname, search } = new URL(createAuthURL({ ...pin, product: 'X' }));
    expect([origin, pathname, search]).toEqual(['https://app.plex.tv', '/auth', '']);
  });

  it('is wherever it is said to be', () => {
    const url = createAuthURL({ ...pin, authAppURL: 'http://127.0.0.1:8080/auth' });
    expect(url).toBe('http://127.0.0.1:8080/auth#?clientID=tv&code=abc123');
  });
});

describe('the page for typing a code', () => {
  it('is plex.tv/link with the code filled in', () => {
    expect(createLinkURL('7RQZ')).toBe('https://plex.tv/link/?pin=7RQZ');
  });

  it('is wherever it is said to be, with or without a slash at the end', () => {
    expect(createLinkURL('7RQZ', 'http://127.0.0.1:8080/link')).toBe('http://127.0.0.1:8080/link/?pin=7RQZ');
    expect(createLinkURL('7RQZ', 'http://127.0.0.1:8080/link/')).toBe('http://127.0.0.1:8080/link/?pin=7RQZ');
  });

  it('takes any code unharmed', () => {
    expect(new URL(createLinkURL('a b&c=d#+é')).searchParams.get('pin')).toBe('a b&c=d#+é');
  });
});

describe("Plex's QR picture", () => {
  it('is where the PIN object says, and takes any code unharmed', () => {
    expect(createQRURL('7RQZ')).toBe('https://plex.tv/api/v2/pins/qr/7RQZ');
    expect(createQRURL('../a b')).toBe('https://plex.tv/api/v2/pins/qr/..%2Fa%20b');
  });
});
