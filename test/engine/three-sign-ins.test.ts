/** Sign-ins of one client that overtake one another while Plex is asked which token lives. */
import { expect, it } from 'vitest';
import { codeIn, createFlow, createWorld, type Flow, startFlow, tokenIn } from '../fixture/create-flow.ts';
import { createRecordingStore } from '../fixture/recording-store.ts';

const key = 'plex-auth-flow.credentials';

/** Engines that have each a code of their own, and one store of credentials that answers at once. */
async function startTogether(count: number) {
  const credentials = createRecordingStore();
  const world = createWorld();
  const flows = Array.from({ length: count }, () => startFlow({ credentials }, world));
  await world.time.advance(500);
  const codes = new Map(flows.map((flow) => [flow, codeIn(flow.auth)]));
  const approve = async (flow: Flow, ms: number) => {
    world.emulator.link(codes.get(flow) ?? '');
    await world.time.advance(ms);
  };
  const stored = () => JSON.parse(credentials.items.get(key) ?? '{}').token;
  return { ...world, credentials, flows: flows as [Flow, Flow, Flow], approve, stored };
}

it('an answer that a later sign-in has overtaken puts no dead token over the living one', async () => {
  const { time, emulator, credentials, flows, approve, stored } = await startTogether(3);
  const [first, second, third] = flows;
  await approve(third, 1500);
  expect(stored()).toBe(tokenIn(third.auth));
  // Plex says that the first one's token is valid, but the answer is under way for three seconds.
  emulator.fault({ type: 'stale', delayMs: 3000 }, { operation: 'getUser', times: 1 });
  await approve(first, 1200);
  await approve(second, 1500);
  const living = tokenIn(second.auth);
  expect(stored()).toBe(living);
  await time.advance(5000);
  expect(stored()).toBe(living);
  const next = createFlow({ credentials }, { time, emulator });
  await time.advance(3000);
  expect(tokenIn(next.auth)).toBe(living);
});

it('where Plex cannot be asked, the token that is stored stays, and Plex is asked again', async () => {
  const { time, emulator, flows, approve, stored } = await startTogether(2);
  const [first, second] = flows;
  // The answer with the first one's token is under way for six seconds.
  emulator.fault({ type: 'stale', delayMs: 6000 }, { operation: 'getToken', times: 1 });
  await approve(first, 700);
  await approve(second, 3000);
  const living = tokenIn(second.auth);
  expect(stored()).toBe(living);
  const end = emulator.fault({ type: 'status', status: 503 }, { operation: 'getUser', times: Infinity });
  await time.advance(6000);
  expect(first.status()).toBe('authenticated');
  expect(stored()).toBe(living);
  end();
  await time.advance(120_000);
  expect([first.status(), second.status(), stored()]).toEqual(['expired', 'authenticated', living]);
});

it('where Plex cannot be asked for a while, the living token is stored in the end', async () => {
  const { time, emulator, flows, approve, stored } = await startTogether(2);
  const [first, second] = flows;
  await approve(first, 1500);
  const end = emulator.fault({ type: 'status', status: 503 }, { operation: 'getUser', times: Infinity });
  await approve(second, 70_000);
  expect(stored()).toBe(tokenIn(first.auth));
  end();
  await time.advance(31_000);
  expect(stored()).toBe(tokenIn(second.auth));
  await Promise.all(flows.map(({ auth }) => auth.dispose()));
  expect(time.timers).toBe(0);
});
