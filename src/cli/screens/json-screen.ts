import { toJSONLine } from '../host/json-line.ts';
import type { LoginScreen, LoginScreenOptions } from './login-screen.ts';

/** Writes each view as a line of JSON, and nothing else to standard output. The `Secret` redacts the token. */
export function createJSONScreen({ host }: Pick<LoginScreenOptions, 'host'>): LoginScreen {
  return {
    writeLine: host.warn,
    showView: (view) => {
      host.stdout.write(toJSONLine(view, host));
    },
    close: () => {},
  };
}
