import { describe, expect, it } from 'vitest';
import { createPlexEmulator, type Fault } from '../../src/emulator/index.ts';

describe('a fault that does not exist or is out of its range', () => {
  const status = 'an integer from 200 to 599';
  const delay = 'from 0 to 2147483647 ms';

  it.each<[Fault | object | undefined, object, string]>([
    [undefined, {}, 'fault must be an object'],
    [{ type: 'explode' }, {}, 'fault.type must be one of status, reset, hang,'],
    [{ type: 'status', status: 99 }, {}, `fault.status must be ${status}`],
    [{ type: 'status' }, {}, `fault.status must be ${status}`],
    [{ type: 'html', status: 600 }, {}, `fault.status must be ${status}`],
    [{ type: 'slow', delayMs: -1 }, {}, `fault.delayMs must be ${delay}`],
    [{ type: 'slow' }, {}, `fault.delayMs must be ${delay}`],
    [{ type: 'stale', delayMs: Number.NaN }, {}, `fault.delayMs must be ${delay}`],
    [
      { type: 'clockOffset', offsetMs: Number.POSITIVE_INFINITY },
      {},
      'fault.offsetMs must be a finite number',
    ],
    [
      { type: 'rateLimited', retryAfterMs: 1000 },
      {},
      'fault.retryAfterMs must be left out: the known fields are type, retryAfter',
    ],
    [{ type: 'hang', delayMs: 1 }, {}, 'fault.delayMs must be left out: the known fields are type'],
    [{ type: 'reset' }, { times: 0 }, 'scope.times must be an integer from 1, or Infinity'],
    [{ type: 'reset' }, { after: 0.5 }, 'scope.after must be an integer from 0'],
    [{ type: 'reset' }, { operation: 'getpin' }, 'scope.operation must be one of getPin, getToken,'],
  ])('is refused: %j %j', (fault, scope, message) => {
    const call = () => createPlexEmulator().fault(fault as Fault, scope);
    expect(call).toThrow(TypeError);
    expect(call).toThrow(`plex-auth-flow: ${message}`);
  });
});
