import { describe, expect, it } from 'vitest';
import type { AccessLevel } from '../../src/server/index.ts';
import { whileTimePasses } from '../fixture/while-time-passes.ts';
import { type Application, createApplication } from './sign-in-server.ts';

const machineIdentifier = 'cinema-server';
const emulatorOptions = {
  people: ['olga', 'ada', 'bob', { name: 'kim', homeOf: 'olga' }],
  servers: [
    { name: 'Cinema', machineIdentifier, owner: 'olga', sharedWith: ['ada'] },
    { name: 'Other', owner: 'bob' },
  ],
};

const idOf = ({ emulator }: Application, name: string) => {
  const found = emulator.people.find((person) => person.name === name);
  if (!found) throw new Error(name);
  return found.id;
};

async function signInAs(app: Application, as: string) {
  const browser = app.openBrowser();
  const { code } = await browser.begin(app);
  const token = app.emulator.approve(code, { as });
  const response = await whileTimePasses(app, browser.ask('/attempt'));
  return { browser, response, answer: await response.json(), token };
}

describe('an application for one server', () => {
  it.each<[string, AccessLevel]>([
    ['olga', 'owner'],
    ['ada', 'member'],
    ['kim', 'member'],
  ])('lets %s in, as %s', async (name, status) => {
    const app = createApplication({ access: { machineIdentifier } }, emulatorOptions);
    const { answer } = await signInAs(app, name);
    expect(answer).toMatchObject({ status: 'authenticated', user: { id: idOf(app, name) } });
    expect(app.signIns[0]?.access).toEqual({ status });
  });

  it('lets nobody else in, and gives the token back', async () => {
    const app = createApplication({ access: { machineIdentifier } }, emulatorOptions);
    const { browser, response, answer, token } = await signInAs(app, 'bob');
    expect([response.status, answer]).toEqual([
      403,
      {
        status: 'failed',
        error: { code: 'PLEX_NO_ACCESS', message: 'This account may not use the server', retryable: false },
      },
    ]);
    expect([app.signIns, browser.jar.size]).toEqual([[], 0]);
    expect(await app.server.verify({ token })).toEqual({ status: 'rejected' });
  });

  it('says so on a page, too', async () => {
    const app = createApplication({ access: { machineIdentifier } }, emulatorOptions);
    const browser = app.openBrowser();
    const { code } = await browser.begin(app);
    app.emulator.approve(code, { as: 'bob' });
    const page = await whileTimePasses(app, browser.comeBack());
    expect(await page.text()).toContain('may not use the server');
    expect(browser.jar.size).toBe(0);
  });

  it('decides for itself where everybody comes in', async () => {
    const allow: AccessLevel[] = ['owner', 'member', 'none'];
    const app = createApplication({ access: { machineIdentifier, allow } }, emulatorOptions);
    await signInAs(app, 'bob');
    expect(app.signIns[0]?.access).toEqual({ status: 'none' });
  });

  it('takes an outage for no answer, and asks again', async () => {
    for (const fault of [{ type: 'status', status: 503 }, { type: 'html' }, { type: 'xml' }] as const) {
      const app = createApplication({ access: { machineIdentifier } }, emulatorOptions);
      app.emulator.fault(fault, { operation: 'resources' });
      const { answer, browser } = await signInAs(app, 'ada');
      expect(answer).toMatchObject({ status: 'failed', error: { retryable: true } });
      await whileTimePasses(app, browser.comeBack());
      expect(browser.jar.has('session')).toBe(true);
    }
  });
});

describe('a token that the application keeps', () => {
  it('ends its sessions once Plex refuses it, and in no outage', async () => {
    const rejected: unknown[] = [];
    const app = createApplication(
      { onTokenRejected: ({ token, context }) => rejected.push([token.reveal(), context]) },
      emulatorOptions,
    );
    const { token } = await signInAs(app, 'ada');
    expect(await app.server.verify({ token })).toMatchObject({ status: 'valid', user: { username: 'ada' } });
    app.emulator.fault({ type: 'status', status: 503 }, { operation: 'getUser' });
    expect(await app.server.verify({ token, context: 7 })).toMatchObject({ status: 'unknown' });
    expect(rejected).toEqual([]);
    app.emulator.revoke({ as: 'ada' });
    expect(await app.server.verify({ token, context: 7 })).toEqual({ status: 'rejected' });
    expect(rejected).toEqual([[token, 7]]);
    const again = await signInAs(app, 'ada');
    expect(again.answer.user).toEqual(app.signIns[0]?.user);
  });
});

describe('reconcile', () => {
  async function createOwned() {
    const app = createApplication({ access: { machineIdentifier } }, emulatorOptions);
    const { token: ownerToken } = await signInAs(app, 'olga');
    const userIDs = ['olga', 'ada', 'bob', 'kim'].map((name) => idOf(app, name));
    return { app, ownerToken, userIDs };
  }

  it('lists who may no longer', async () => {
    const { app, ownerToken, userIDs } = await createOwned();
    expect(await app.server.reconcile({ ownerToken, userIDs })).toEqual({
      status: 'known',
      members: expect.arrayContaining(['olga', 'ada', 'kim'].map((name) => idOf(app, name))),
      revoked: [idOf(app, 'bob')],
    });
    app.emulator.unshare('Cinema', { with: 'ada' });
    expect(await app.server.reconcile({ ownerToken, userIDs })).toMatchObject({
      status: 'known',
      revoked: [idOf(app, 'ada'), idOf(app, 'bob')],
    });
  });

  it.each([{ type: 'status', status: 503 }, { type: 'html' }, { type: 'truncated' }] as const)(
    'lists nobody where Plex gives no answer (%o)',
    async (fault) => {
      const { app, ownerToken, userIDs } = await createOwned();
      for (const operation of ['sharedServers', 'homeUsers', 'resources', 'getUser'] as const) {
        const stop = app.emulator.fault(fault, { operation });
        expect(await app.server.reconcile({ ownerToken, userIDs })).toMatchObject({ status: 'unknown' });
        stop();
      }
    },
  );

  it('takes the word of the owner alone', async () => {
    const { app, userIDs } = await createOwned();
    const { token } = await signInAs(app, 'ada');
    expect(await app.server.reconcile({ ownerToken: token, userIDs })).toEqual({ status: 'rejected' });
    expect(await app.server.reconcile({ ownerToken: 'revoked', userIDs })).toEqual({ status: 'rejected' });
  });

  it('needs a server to compare with', async () => {
    const app = createApplication();
    await expect(app.server.reconcile({ ownerToken: 'x' })).rejects.toThrow(
      'access.machineIdentifier must be given',
    );
  });
});
