/** Preloaded into another client's process: what it sends to plex.tv goes to the emulator at PLEX_EMULATOR_URL. */
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { urlToHttpOptions } from 'node:url';

const emulator = new URL(process.env.PLEX_EMULATOR_URL);
const isPlex = (host) => /^([\w-]+\.)?plex\.tv$/.test(host);

const networkFetch = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const request = new Request(input, init);
  const url = new URL(request.url);
  if (!isPlex(url.hostname)) throw new Error(`No request may leave for ${url.hostname}.`);
  return networkFetch(new Request(new URL(url.pathname + url.search, emulator), request));
};

https.request = (target, ...rest) => {
  const isURL = typeof target === 'string' || target instanceof URL;
  const options = isURL
    ? { ...urlToHttpOptions(new URL(target)), ...rest.find((one) => typeof one === 'object') }
    : target;
  const host = options.hostname ?? options.host;
  if (!isPlex(host)) throw new Error(`No request may leave for ${host}.`);
  const atEmulator = { protocol: 'http:', host: null, hostname: emulator.hostname, port: emulator.port };
  return http.request(
    { ...options, ...atEmulator, agent: undefined },
    rest.find((one) => typeof one === 'function'),
  );
};

// One of the clients takes its identifier from the network card, which a container may not have.
os.networkInterfaces = () => ({ eth0: [{ mac: '02:00:00:00:00:01' }] });
syncBuiltinESMExports();
