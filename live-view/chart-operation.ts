/** What the chart asks Plex for. */
export type ChartOperation = 'getPin' | 'getToken' | 'signOut';

/** What is asked for in each state that asks. */
const operations: Readonly<Record<string, ChartOperation>> = {
  'requestingPin.asking': 'getPin',
  fetchingToken: 'getToken',
  signingOut: 'signOut',
};

export function operationIn(state: string | undefined): ChartOperation | undefined {
  return operations[state ?? ''];
}

/** What a request asks for. */
export function operationOf({ method, path }: { method: string; path: string }): ChartOperation {
  if (method === 'POST') return 'getPin';
  return path.includes('/pins/') ? 'getToken' : 'signOut';
}
