/** Runs a bundle with the names that React Native has and no others of Node's, and prints how it ends. */
import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { servePlexEmulator } from 'plex-auth-flow/testing';

const { url: serverURL, emulator, close } = await servePlexEmulator();

/** As much of it as whatwg-fetch uses. Redirects are followed, as phones do, and a body is only given whole. */
class XMLHttpRequest {
  #abort = new AbortController();
  #headers = {};
  status = 0;
  statusText = '';
  responseURL = '';

  open(method, url) {
    Object.assign(this, { method, url });
  }

  setRequestHeader(name, value) {
    this.#headers[name] = value;
  }

  getAllResponseHeaders() {
    return [...this.answer.headers].map(([name, value]) => `${name}: ${value}`).join('\r\n');
  }

  async send(body) {
    try {
      const { method, url } = this;
      this.answer = await fetch(url, { method, headers: this.#headers, body, signal: this.#abort.signal });
      this.responseText = await this.answer.text();
      this.response = this.responseText;
      this.status = this.answer.status;
      this.responseURL = this.answer.url;
      this.onload();
    } catch {
      (this.#abort.signal.aborted ? this.onabort : this.onerror)?.();
    }
  }

  abort() {
    this.#abort.abort();
  }
}

async function end(outcome) {
  console.log(outcome);
  await close();
  process.exit();
}

const host = {
  serverURL,
  openURL: (url) => emulator.link(/code=([^&]+)/.exec(url)[1]),
  end,
};
const context = createContext({ XMLHttpRequest, host, console, setTimeout, clearTimeout, queueMicrotask });
// React Native's own modules look for their native half there, and do without it.
runInContext(
  'globalThis.global = globalThis.self = globalThis.window = globalThis; globalThis.nativeModuleProxy = {}',
  context,
);
setTimeout(end, 20_000, 'no sign-in within 20 s');
process.on('uncaughtException', ({ stack }) => end(stack));
runInContext(readFileSync(process.argv[2], 'utf8'), context);
