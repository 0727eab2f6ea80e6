import { checkPolling, type PollingOptions } from './polling.ts';
import {
  requireMethods,
  requireMs,
  requireOption,
  requireType,
  requireURL,
  storeMethods,
} from './require-option.ts';

/** What an engine and a fleet both have beyond the options of a client, as it was given. */
interface SignInOptions {
  readonly product?: unknown;
  readonly strong?: unknown;
  readonly authAppURL?: unknown;
  readonly linkURL?: unknown;
  readonly store?: unknown;
  readonly name?: unknown;
  readonly random?: unknown;
  readonly polling?: PollingOptions | undefined;
  readonly giveUpAfterMs?: unknown;
}

/** Checks the options that an engine and a fleet share. @throws {TypeError} Naming the option. */
export function checkSignInOptions(options: SignInOptions): void {
  const { product, name } = options;
  requireOption(product !== undefined, 'product', 'given');
  requireType('strong', options.strong, 'boolean');
  requireURL('authAppURL', options.authAppURL);
  requireURL('linkURL', options.linkURL);
  requireMethods('store', options.store, storeMethods);
  requireOption(name === undefined || isName(name), 'name', 'a well-formed text that is not empty');
  requireType('random', options.random, 'function');
  checkPolling(options.polling);
  requireMs('giveUpAfterMs', options.giveUpAfterMs, 1);
}

function isName(name: unknown): boolean {
  return typeof name === 'string' && name !== '' && !/\p{Surrogate}/u.test(name);
}
