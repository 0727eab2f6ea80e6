import { expect, it } from 'vitest';
import { toListenError } from '../../../src/cli/host/listen-error.ts';

const choice = 'choose another one with --port, or 0 for any free one';

it.each([
  ['EADDRINUSE', 8080, `port 8080 is taken (EADDRINUSE); ${choice}`],
  ['EACCES', 80, `port 80 needs more rights (EACCES); ${choice}`],
  ['EADDRNOTAVAIL', 8080, `port 8080 cannot be used (EADDRNOTAVAIL); ${choice}`],
  ['EADDRNOTAVAIL', 0, 'no port of 127.0.0.1 can be used (EADDRNOTAVAIL): check the loopback interface'],
])('says what to do at %s on port %d', (code, port, message) => {
  const error = Object.assign(new Error(`listen ${code}: 127.0.0.1:${port}`), { code, syscall: 'listen' });
  expect(toListenError(error, port).message).toBe(message);
});

it('leaves any other error as it is', () => {
  const error = new TypeError('It went wrong');
  expect(toListenError(error, 80)).toBe(error);
});
