import { describe, expect, it } from 'vitest';
import { createPlexAuth, type PlexAuthOptions } from '../../src/index.ts';
import { codeIn, createFlow, hourMs, signIn } from '../fixture/create-flow.ts';

describe('options', () => {
  const store = { getItem: () => null, setItem: () => {} };
  it.each<[option: string, options: unknown]>([
    ['options', undefined],
    ['options', null],
    ['options', 'Living Room'],
    ['product', {}],
    ['product', { product: '' }],
    ['product', { product: 7 }],
    ['clientIdentifier', { clientIdentifier: '' }],
    ['clientIdentifier', { clientIdentifier: 'Küche' }],
    ['device', { device: 7 }],
    ['device.colour', { device: { colour: 'red' } }],
    ['device.model', { device: { model: '' } }],
    ['strong', { strong: 'yes' }],
    ['serverURL', { serverURL: 'plex.tv' }],
    ['authAppURL', { authAppURL: 'javascript:alert(1)' }],
    ['linkURL', { linkURL: '/link' }],
    ['forwardURL', { forwardURL: 'app://done' }],
    ['store', { store: {} }],
    ['store', { store: null }],
    ['store', { store }],
    ['credentials', { credentials: store }],
    ['fetch', { fetch: {} }],
    ['clock', { clock: Date }],
    ['random', { random: 0.5 }],
    ['inspect', { inspect: 'all' }],
    ['polling', { polling: 1000 }],
    ['polling.intervalMs', { polling: { intervalMs: 0 } }],
    ['polling.intervalMs', { polling: { intervalMs: 249 } }],
    ['polling.intervalMs', { polling: { intervalMs: Number.NaN } }],
    ['polling.intervalMs', { polling: { intervalMs: '1000' } }],
    ['polling.maxIntervalMs', { polling: { maxIntervalMs: 999 } }],
    ['polling.maxIntervalMs', { polling: { intervalMs: 3000, maxIntervalMs: 2000 } }],
    ['polling.maxBackoffMs', { polling: { maxBackoffMs: 999 } }],
    ['polling.maxBackoffMs', { polling: { maxBackoffMs: Number.POSITIVE_INFINITY } }],
    ['requestTimeoutMs', { requestTimeoutMs: 0 }],
    ['requestTimeoutMs', { requestTimeoutMs: 2 ** 31 }],
    ['giveUpAfterMs', { giveUpAfterMs: 0 }],
    ['giveUpAfterMs', { giveUpAfterMs: -1 }],
    ['giveUpAfterMs', { giveUpAfterMs: Number.NaN }],
    ['giveUpAfterMs', { giveUpAfterMs: 2 ** 31 }],
    ['renewals', { renewals: -1 }],
    ['renewals', { renewals: 1.5 }],
    ['renewals', { renewals: Number.NaN }],
    ['renewals', { renewals: '2' }],
  ])('are refused at once, by name: %s in %j', (option, options) => {
    const isWhole = option === 'options' || option === 'product';
    const given = isWhole ? options : { product: 'Living Room', ...(options as object) };
    const make = () => createPlexAuth(given as PlexAuthOptions);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(new RegExp(`\\b${option}\\b`));
  });

  it('need no more than a product, and ask nothing before start', async () => {
    const { auth, emulator, time } = createFlow();
    await time.advance(hourMs);
    expect(auth.getSnapshot()).toEqual({ status: 'idle' });
    expect(emulator.requests).toEqual([]);
    expect(time.timers).toBe(0);
  });

  it('that are missing and those that are undefined are the same', async () => {
    const flow = createFlow({
      device: undefined,
      strong: undefined,
      serverURL: undefined,
      authAppURL: undefined,
      linkURL: undefined,
      forwardURL: undefined,
      store: undefined,
      credentials: undefined,
      inspect: undefined,
      requestTimeoutMs: undefined,
      giveUpAfterMs: undefined,
      renewals: undefined,
    });
    await signIn(flow);
    expect(flow.emulator.pins[0]?.strong).toBe(true);
  });

  it('reach plex.tv and the links', async () => {
    const flow = createFlow({
      strong: false,
      device: { deviceName: 'Sofa 🛋️' },
      forwardURL: 'https://app.example/done',
      authAppURL: 'https://auth.example/auth',
      linkURL: 'https://link.example/link',
      serverURL: 'https://pins.example',
    });
    flow.auth.start();
    await flow.time.advance(500);
    const code = codeIn(flow.auth);
    expect(code).toHaveLength(4);
    expect(flow.emulator.requests[0]).toMatchObject({
      path: '/api/v2/pins',
      product: 'Living Room',
      clientIdentifier: 'tv',
      origin: 'https://app.example',
    });
    expect(flow.auth.getSnapshot()).toMatchObject({
      authURL:
        `https://auth.example/auth#?clientID=tv&code=${code}&context%5Bdevice%5D%5Bproduct%5D=Living%20Room` +
        '&context%5Bdevice%5D%5BdeviceName%5D=Sofa%20%F0%9F%9B%8B%EF%B8%8F&forwardUrl=https%3A%2F%2Fapp.example%2Fdone',
      linkURL: `https://link.example/link/?pin=${code}`,
      qrURL: `https://pins.example/api/v2/pins/qr/${code}`,
    });
  });
});
