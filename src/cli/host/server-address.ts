import { isLoopback } from '../../require-option.ts';
import type { CommandHost } from './command-host.ts';
import { readProxySettings } from './proxy-settings.ts';

/** Whom a command asks, as messages name it. */
export interface ServerAddress {
  readonly origin: string;
  /** The proxy on the way, without a name and a password. */
  readonly proxy?: string | undefined;
}

/**
 * Gives the address that a command asks, and the proxy on the way to it.
 *
 * @param serverURL An address, as in `--server-url`. Default: Plex's own server.
 */
export function toServerAddress(serverURL: string | undefined, env: CommandHost['env']): ServerAddress {
  const { origin, hostname, protocol } = new URL(serverURL ?? 'https://plex.tv');
  const settings = isLoopback(hostname) ? undefined : readProxySettings(env);
  const proxy = protocol === 'https:' ? settings?.httpsProxy : settings?.httpProxy;
  if (!settings || !proxy || isExcepted(hostname, settings.noProxy)) return { origin };
  return { origin, proxy: new URL(proxy).origin };
}

/** Whether `NO_PROXY` names the host or a domain around it. */
function isExcepted(hostname: string, noProxy: string): boolean {
  const names = noProxy.split(/[\s,]+/).map((name) => name.replace(/^\*?\.|:\d+$/g, '').toLowerCase());
  return names.some((name) => name !== '' && (hostname === name || hostname.endsWith(`.${name}`)));
}
