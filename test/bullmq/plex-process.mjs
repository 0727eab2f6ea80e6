/** An emulated plex.tv in a process of its own, which watches who asks for which PIN, and when. */
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createPlexEmulator } from '../../dist/testing.js';

const { latencyMs = 30, ...options } = JSON.parse(process.argv[2]);
const emulator = createPlexEmulator(options);
/** What is known of each PIN. */
const pins = new Map();
/** PINs whose token is answered this much later. */
const slowTokens = new Map();

function watch(pinID) {
  const pin = pins.get(pinID) ?? { polls: 0, inFlight: 0, mostAtOnce: 0, lastPollAtMs: 0, machines: [] };
  pins.set(pinID, pin);
  return pin;
}

async function answer(request, response) {
  const pinID = /\/pins\/(\d+)/.exec(request.url)?.[1];
  const pin = pinID && request.method === 'GET' ? watch(pinID) : undefined;
  if (pin) {
    pin.polls++;
    pin.inFlight++;
    pin.mostAtOnce = Math.max(pin.mostAtOnce, pin.inFlight);
    pin.lastPollAtMs = Date.now();
    const machine = request.headers['x-plex-device-name'];
    if (pin.machines.at(-1) !== machine) pin.machines.push(machine);
  }
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = chunks.length > 0 ? Buffer.concat(chunks) : undefined;
  const { method, headers } = request;
  await delay(latencyMs);
  const reply = await emulator.handle(
    new Request(`http://${headers.host}${request.url}`, { method, headers, body }),
  );
  const text = await reply.text();
  const hasToken = pin && reply.status === 200 && JSON.parse(text).authToken;
  if (hasToken && slowTokens.has(pinID)) {
    process.send({ type: 'tokenReadBy', pinID, machine: headers['x-plex-device-name'] });
    const ms = slowTokens.get(pinID);
    slowTokens.delete(pinID);
    await delay(ms);
  }
  if (pin) pin.inFlight--;
  response.writeHead(reply.status, Object.fromEntries(reply.headers)).end(text);
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => response.destroy(error));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () =>
  process.send({ type: 'url', url: `http://127.0.0.1:${server.address().port}` }),
);

process.on('message', ({ call, type, code, codes = [], ms }) => {
  if (type === 'link') for (const each of codes) emulator.link(each);
  if (type === 'slowToken') slowTokens.set(`${emulator.pins.find((pin) => pin.code === code).id}`, ms);
  const found = emulator.pins.map(({ id, code: itsCode }) => ({ code: itsCode, ...pins.get(`${id}`) }));
  process.send({ type: 'answer', call, answer: type === 'pins' ? found : null });
});
