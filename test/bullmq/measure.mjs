/**
 * Measures three machines on one Redis: `node test/bullmq/measure.mjs FLOWS INTERVAL_MS SECONDS`, on what `npm run build` made.
 *
 * plex.tv is the least that answers, in this process: what it takes is no part of the figures.
 */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createSharedPlexFleet } from '../../dist/bullmq.js';

const [flows = 3000, intervalMs = 2000, seconds = 20] = process.argv.slice(2).map(Number);
let polls = 0;
let lastID = 0;

const server = createServer((request, response) => {
  const isPoll = request.method === 'GET';
  if (isPoll) polls++;
  const id = isPoll ? Number(request.url.match(/\d+$|\d+(?=\?)/)[0]) : ++lastID;
  const clientIdentifier = request.headers['x-plex-client-identifier'];
  const pin = { id, code: `code${id}`, clientIdentifier, expiresIn: 1800, authToken: null };
  request.resume();
  response.writeHead(isPoll ? 200 : 201, { 'content-type': 'application/json' }).end(JSON.stringify(pin));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1');
await once(server, 'listening');

const port = 20_000 + Math.floor(Math.random() * 20_000);
const redisServer = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', ''], {
  stdio: 'ignore',
});
await delay(500);
const redis = new Redis(port);
const options = {
  product: 'Measure',
  connection: `redis://127.0.0.1:${port}`,
  serverURL: `http://127.0.0.1:${server.address().port}`,
  shards: Math.max(3, Math.ceil(flows / 700)),
  polling: { intervalMs, maxIntervalMs: intervalMs },
  requestsPerSecond: Infinity,
  connections: 96,
};

async function startMachine(name) {
  const child = fork('test/bullmq/machine-process.mjs', [
    JSON.stringify({ ...options, requestsPerSecond: 1e6, device: { deviceName: name } }),
  ]);
  await once(child, 'message');
  const ask = async (type) => {
    child.send({ type, call: 1 });
    const [{ answer }] = await once(child, 'message');
    return answer;
  };
  return { ask, child };
}

const machines = await Promise.all(['one', 'two', 'three'].map(startMachine));
const fleet = createSharedPlexFleet({ ...options, polls: false });
for (let at = 0; at < flows; at += 500)
  await Promise.all(
    Array.from({ length: Math.min(500, flows - at) }, (_, index) =>
      fleet.start({ id: `${at + index}`, clientIdentifier: `tv-${at + index}` }),
    ),
  );
await delay(8000);

async function read() {
  const info = await redis.info('cpu');
  const redisS = ['used_cpu_user', 'used_cpu_sys'].map((name) => Number(info.match(`${name}:(.*)`)[1]));
  const usages = await Promise.all(machines.map(({ ask }) => ask('usage')));
  const machineS = usages.map(({ user, system }) => (user + system) / 1e6);
  const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);
  return {
    polls,
    redisS: sum(redisS),
    machineS: sum(machineS),
    heap: sum(usages.map(({ heapUsed }) => heapUsed)),
  };
}

const before = await read();
const startedAtMs = performance.now();
await delay(seconds * 1000);
const after = await read();
const passedMs = performance.now() - startedAtMs;
const done = after.polls - before.polls;
// Each wait is spread by up to 5 %.
const dueEachMs = intervalMs * 1.025;
const loads = await Promise.all(machines.map(({ ask }) => ask('load')));
console.log({
  flows,
  intervalMs,
  pollsPerSecond: Math.round((done * 1000) / passedMs),
  doneOfDue: `${((100 * done * dueEachMs) / (flows * passedMs)).toFixed(1)} %`,
  redisSPer1000Polls: Number((((after.redisS - before.redisS) * 1000) / done).toFixed(5)),
  machineSPer1000Polls: Number((((after.machineS - before.machineS) * 1000) / done).toFixed(4)),
  heapKBPerFlow: Math.round(after.heap / flows / 1000),
  lateP99Ms: loads.map(({ lateness }) => lateness.p99Ms),
  refusedWrites: loads.map(({ refusedWrites }) => refusedWrites),
  shards: loads.map(({ shards }) => shards.length),
});
for (const { child } of machines) child.kill('SIGKILL');
redisServer.kill('SIGKILL');
process.exit(0);
