import type { PlexEmulator } from '../../src/emulator/index.ts';

/** The fields of plex.tv's JSON answers that these tests look at. */
export interface PlexAnswer {
  id: number;
  code: string;
  product: string;
  qr: string;
  expiresIn: number;
  createdAt: string;
  expiresAt: string;
  authToken: string | null;
  newRegistration: boolean | null;
  errors: { code: number; message: string; status: number }[];
}

export interface Asked {
  status: number;
  headers: Headers;
  text: string;
  json: PlexAnswer;
}

/** Asks for JSON as the client `tv`, unless `init` says otherwise, and reads the whole answer. */
export async function askPlex(emulator: PlexEmulator, call: string, init: RequestInit = {}): Promise<Asked> {
  const [method = 'GET', path = '/'] = call.split(' ');
  const headers = new Headers({ Accept: 'application/json', 'X-Plex-Client-Identifier': 'tv' });
  for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
  const response = await emulator.fetch(`https://clients.plex.tv${path}`, { ...init, method, headers });
  const text = await response.text();
  const isJSON = response.headers.get('Content-Type')?.startsWith('application/json');
  return { status: response.status, headers: response.headers, text, json: isJSON ? JSON.parse(text) : {} };
}

/** Makes a strong PIN for the client `tv`. */
export async function makePin(emulator: PlexEmulator, init: RequestInit = {}): Promise<PlexAnswer> {
  return (await askPlex(emulator, 'POST /api/v2/pins?strong=true', init)).json;
}

/** The token that the PIN shows now; undefined where the PIN is gone. */
export async function readToken(emulator: PlexEmulator, pin: PlexAnswer): Promise<string | null | undefined> {
  return (await askPlex(emulator, `GET /api/v2/pins/${pin.id}`)).json.authToken;
}
