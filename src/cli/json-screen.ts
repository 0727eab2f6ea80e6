import type { LoginScreen, LoginScreenOptions } from './login-screen.ts';

/** Writes each view as a line of JSON, and nothing else. A token is redacted by its `Secret`. */
export function createJSONScreen({ host: { stdout, warn } }: Pick<LoginScreenOptions, 'host'>): LoginScreen {
  return {
    say: (text) => {
      warn(text);
    },
    show: (view) => {
      stdout.write(`${JSON.stringify(view, withMessage)}\n`);
    },
    close: () => {},
  };
}

/** Lets an error's message into the JSON, which is no field of its own there. */
function withMessage(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name: _name, message, ...fields } = value;
  return { ...fields, message };
}
