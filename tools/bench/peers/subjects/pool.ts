/**
 * The floor: nothing but a bounded pool of kept connections (undici) and one timer over plain records. It has no errors,
 * no end and no back-off; nothing that signs people in can cost less.
 */
import { Pool } from 'undici';
import type { CreateSubject } from '../../subject.ts';

interface Flow {
  clientIdentifier: string;
  path: string;
  headers: Record<string, string>;
}

const tickMs = 5;

export const createSubject: CreateSubject = ({ origin, intervalMs, onToken, onError }) => {
  const pool = new Pool(origin, { connections: 64, pipelining: 1 });
  /** A flow keeps its slot, and each slot has its turn once in an interval. */
  const wheel = Array.from({ length: intervalMs / tickMs }, () => new Set<Flow>());
  let lastTick = currentTick();

  function currentTick() {
    return Math.floor(performance.now() / tickMs);
  }

  async function request(path: string, method: 'GET' | 'POST', headers: Record<string, string>) {
    const { body } = await pool.request({ path, method, headers });
    return body.json() as Promise<{ id: number; authToken: string | null }>;
  }

  async function poll(slot: Set<Flow>, flow: Flow) {
    const { authToken } = await request(flow.path, 'GET', flow.headers);
    if (!authToken) return;
    slot.delete(flow);
    onToken(flow.clientIdentifier, authToken);
  }

  setInterval(() => {
    for (const endTick = currentTick(); lastTick < endTick; lastTick++) {
      const slot = wheel[lastTick % wheel.length];
      for (const flow of slot ?? []) {
        if (slot) poll(slot, flow).catch((error) => onError(flow.clientIdentifier, error));
      }
    }
  }, tickMs);

  async function begin(clientIdentifier: string) {
    const headers = {
      accept: 'application/json',
      'x-plex-client-identifier': clientIdentifier,
      'x-plex-product': 'Bench',
    };
    const { id } = await request('/api/v2/pins?strong=true', 'POST', headers);
    wheel[currentTick() % wheel.length]?.add({ clientIdentifier, path: `/api/v2/pins/${id}`, headers });
  }

  return {
    start(clientIdentifier) {
      begin(clientIdentifier).catch((error) => onError(clientIdentifier, error));
    },
  };
};
