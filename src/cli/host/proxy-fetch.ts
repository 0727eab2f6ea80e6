import connect from 'undici/lib/api/api-connect.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import { fetch } from 'undici/lib/web/fetch/index.js';
import { type Fetch, systemFetch } from '../../ports.ts';
import { isLoopback } from '../../require-option.ts';
import type { ProxySettings } from './proxy-settings.ts';

/** Makes a `fetch` that goes through proxies. This machine is asked directly: no proxy knows its loopback address. */
export function createProxyFetch({ httpProxy, httpsProxy, noProxy }: ProxySettings): Fetch {
  // undici reads the environment for what is undefined, and takes an empty text for no proxy.
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: httpProxy ?? '',
    httpsProxy: httpsProxy ?? '',
    noProxy,
    // Many proxies refuse a tunnel to plain http. To https there always is one.
    proxyTunnel: false,
    // undici's own entry would give every pool this method, which asks for a tunnel.
    clientFactory: (origin, options) => Object.assign(new Pool(origin, options), { connect }),
  });
  // By undici's own fetch: the one of Node may be of a version that does not fit its agents.
  const throughProxy = fetch as unknown as (input: string, init: object) => Promise<Response>;
  return (input, init) => {
    const url = String(input instanceof Request ? input.url : input);
    return isLoopback(new URL(url).hostname)
      ? systemFetch(input, init)
      : throughProxy(url, { ...init, dispatcher });
  };
}
