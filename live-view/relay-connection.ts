import type { InspectionMessage } from '../src/inspect/message.ts';
import { isRelayEnd, keyRefused, messagesPath, type RelayGreeting } from '../src/inspect/relay-protocol.ts';

/** Why a connection ended: the inspector was stopped, the relay refused the key, or the connection was lost. */
export type RelayOutcome = 'over' | 'refused' | 'lost';

export interface RelayReceiver {
  onGreeting(greeting: RelayGreeting): void;
  onMessage(message: InspectionMessage): void;
}

/** Shows a relay its key, and receives its messages until the connection ends. Never rejects. */
export async function receiveMessages(key: string, receiver: RelayReceiver): Promise<RelayOutcome> {
  try {
    const headers = { Authorization: `Bearer ${key}` };
    const response = await fetch(messagesPath, { method: 'POST', headers });
    if (response.status === keyRefused) return 'refused';
    if (!response.ok || !response.body) return 'lost';
    return await receiveLines(response.body, receiver);
  } catch {
    return 'lost';
  }
}

async function receiveLines(
  body: ReadableStream<Uint8Array>,
  { onGreeting, onMessage }: RelayReceiver,
): Promise<RelayOutcome> {
  let isGreeted = false;
  for await (const line of readLines(body)) {
    const value = JSON.parse(line);
    if (isRelayEnd(value)) return 'over';
    if (isGreeted) onMessage(value);
    else onGreeting(value);
    isGreeted = true;
  }
  return 'lost';
}

/** Cuts a stream of bytes into its lines. A last line that has no end is left out: the connection was cut off in it. */
async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  // By hand: Safari and Chrome before 124 cannot iterate a stream.
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let begun = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (begun + decoder.decode(part.value, { stream: true })).split('\n');
    begun = lines.pop() ?? '';
    yield* lines;
  }
}
