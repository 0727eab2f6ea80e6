import { expect, it } from 'vitest';
import { isRefusedPort } from '../../../src/cli/commands/refused-ports.ts';

const ports = Array.from({ length: 11_000 }, (_, port) => port);

it('names only ports that fetch refuses', async () => {
  const named = ports.filter(isRefusedPort);
  expect(named.length).toBeGreaterThan(80);
  // Nothing is sent: the port is looked at before.
  const reasons = named.map((port) => fetch(`http://127.0.0.1:${port}`).catch(({ cause }) => cause.message));
  expect(new Set(await Promise.all(reasons))).toEqual(new Set(['bad port']));
});
