import type { Fetch } from '../../ports.ts';
import type { CommandHost } from './command-host.ts';
import { readProxySettings } from './proxy-settings.ts';

/**
 * Finds the `fetch` that goes through the proxies of the environment.
 *
 * Node's own looks at these variables only in late versions, and only if `NODE_USE_ENV_PROXY` is set.
 *
 * @returns Undefined if no proxy is set. Then nothing more is loaded.
 * @throws {Error} If a proxy is no http or https address, naming the variable.
 */
export async function findProxyFetch(env: CommandHost['env']): Promise<Fetch | undefined> {
  const settings = readProxySettings(env);
  if (!settings) return undefined;
  const { createProxyFetch } = await import('./proxy-fetch.ts');
  return createProxyFetch(settings);
}
