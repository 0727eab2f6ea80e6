/** A request of the chart to Plex. */
export type ChartOperation = 'getPin' | 'getToken' | 'signOut';

/** The operation of each state that has one. */
const operations: Readonly<Record<string, ChartOperation>> = {
  'requestingPin.asking': 'getPin',
  fetchingToken: 'getToken',
  signingOut: 'signOut',
};

export function operationIn(state: string | undefined): ChartOperation | undefined {
  return operations[state ?? ''];
}

/** The operation that a request belongs to. */
export function operationOf({ method, path }: { method: string; path: string }): ChartOperation {
  if (method === 'POST') return 'getPin';
  return path.includes('/pins/') ? 'getToken' : 'signOut';
}
