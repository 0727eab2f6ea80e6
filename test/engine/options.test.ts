import { describe, expect, it } from 'vitest';
import { codeIn, createFlow, hourMs, signIn } from '../fixture/create-flow.ts';

describe('options', () => {
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
