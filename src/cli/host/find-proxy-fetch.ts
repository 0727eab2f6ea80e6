import type { Fetch } from '../../ports.ts';
import type { CommandHost } from './command-host.ts';

/** The addresses that the environment gives, as curl reads it: lower case first. */
export interface ProxySettings {
  readonly httpProxy: string | undefined;
  readonly httpsProxy: string | undefined;
  /** Hosts to ask directly. */
  readonly noProxy: string;
}

/**
 * Finds the `fetch` that goes through the proxy of `HTTP_PROXY` and `HTTPS_PROXY`, but to the hosts of `NO_PROXY`.
 *
 * Node's own looks at these variables only in late versions, and only if `NODE_USE_ENV_PROXY` is set.
 *
 * @returns Undefined if no proxy is set. Then nothing more is loaded.
 * @throws {Error} If a proxy is no http or https address, naming the variable.
 */
export async function findProxyFetch(env: CommandHost['env']): Promise<Fetch | undefined> {
  const settings: ProxySettings = {
    httpProxy: readProxy('http_proxy', env),
    httpsProxy: readProxy('https_proxy', env),
    noProxy: env['no_proxy'] ?? env['NO_PROXY'] ?? '',
  };
  if (settings.httpProxy === undefined && settings.httpsProxy === undefined) return undefined;
  const { createProxyFetch } = await import('./proxy-fetch.ts');
  return createProxyFetch(settings);
}

/** Like curl, takes an address without a scheme for one on http. The message has no value in it, which may hold a password. */
function readProxy(name: string, env: CommandHost['env']): string | undefined {
  const upperName = name.toUpperCase();
  const value = env[name] ?? env[upperName];
  if (!value) return undefined;
  const url = value.includes('://') ? value : `http://${value}`;
  if (URL.canParse(url) && /^https?:/i.test(url)) return url;
  throw new Error(
    `${env[name] === undefined ? upperName : name} must be the http or https address of a proxy`,
  );
}
