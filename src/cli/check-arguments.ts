import { parseArgs } from 'node:util';
import type { ArgsDef } from 'citty';
import { UsageError } from './usage-error.ts';

/**
 * Refuses a command line that citty would make the best of: unknown options, missing values, values where none belong.
 *
 * No value is repeated in a message: one may be a token that was pasted by mistake.
 *
 * @returns Whether help or the version is asked for; then whatever else is wrong does not matter.
 * @throws {UsageError} Naming the first thing that is wrong.
 */
export function checkArguments(rawArgs: string[], argsDef: ArgsDef): { help: boolean; version: boolean } {
  const { tokens } = parseArgs({
    args: rawArgs,
    options: toNodeOptions(argsDef),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const isAsked = (name: string) =>
    tokens.some((token) => token.kind === 'option' && token.name === name && token.value === undefined);
  const asked = { help: isAsked('help'), version: isAsked('version') };
  if (asked.help || asked.version) return asked;
  for (const token of tokens) {
    if (token.kind === 'positional') throw new UsageError('only options are taken here; see --help');
    if (token.kind === 'option') checkOption(token, argsDef);
  }
  return asked;
}

function toNodeOptions(argsDef: ArgsDef): Record<string, { type: 'string' | 'boolean'; short?: string }> {
  return Object.fromEntries(
    Object.entries(argsDef).map(([name, definition]) => [
      name,
      {
        type: definition.type === 'boolean' ? ('boolean' as const) : ('string' as const),
        ...('alias' in definition && typeof definition.alias === 'string' && { short: definition.alias }),
      },
    ]),
  );
}

function checkOption(
  {
    name,
    rawName,
    value,
    inlineValue,
  }: { name: string; rawName: string; value: string | undefined; inlineValue: boolean | undefined },
  argsDef: ArgsDef,
): void {
  const definition = argsDef[name];
  if (!definition) {
    const guess = nearest(name, Object.keys(argsDef));
    throw new UsageError(`unknown option ${rawName}${guess ? ` (did you mean --${guess}?)` : ''}`);
  }
  const isFlag = definition.type === 'boolean';
  if (isFlag && value !== undefined) throw new UsageError(`${rawName} takes no value`);
  const isNextOption = !inlineValue && /^-\D/.test(value ?? '');
  if (!isFlag && (!value || isNextOption)) throw new UsageError(`${rawName} needs a value`);
}

/** The name that was most likely meant, where one is close enough. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const toKebab = typed.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const ranked = names
    .map((name) => ({ name, edits: countEdits(toKebab, name) }))
    .sort((one, other) => one.edits - other.edits);
  const [best] = ranked;
  return best && best.edits <= Math.max(1, Math.floor(best.name.length / 3)) ? best.name : undefined;
}

/** Levenshtein's distance, one row at a time. */
function countEdits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
