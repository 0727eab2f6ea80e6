import { toJSONLine } from '../json-line.ts';
import type { LoginScreen, LoginScreenOptions } from './login-screen.ts';

/** Writes each view as a line of JSON, and nothing else. A token is redacted by its `Secret`. */
export function createJSONScreen({ host: { stdout, warn } }: Pick<LoginScreenOptions, 'host'>): LoginScreen {
  return {
    say: (text) => {
      warn(text);
    },
    show: (view) => {
      stdout.write(toJSONLine(view));
    },
    close: () => {},
  };
}
