import type { CommandHost } from './command-host.ts';

/** The proxies that the environment names. */
export interface ProxySettings {
  readonly httpProxy: string | undefined;
  readonly httpsProxy: string | undefined;
  /** Hosts to ask directly. */
  readonly noProxy: string;
}

/**
 * Reads `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, as curl does: lower case first.
 *
 * @returns Undefined if no proxy is set, or if all hosts are to be asked directly.
 * @throws {Error} If one is no http or https address, naming the variable.
 */
export function readProxySettings(env: CommandHost['env']): ProxySettings | undefined {
  const noProxy = env['no_proxy'] ?? env['NO_PROXY'] ?? '';
  if (noProxy.trim() === '*') return undefined;
  const httpProxy = readProxy('http_proxy', env);
  const httpsProxy = readProxy('https_proxy', env);
  if (httpProxy === undefined && httpsProxy === undefined) return undefined;
  return { httpProxy, httpsProxy, noProxy };
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
