import type { PlexEmulator } from '../../../src/testing/index.ts';

/** Answers one request. Rejects to break the connection. */
export type Handle = (request: Request) => Promise<Response>;

/**
 * Puts the device flow (RFC 8628) in front of an emulated plex.tv: a device code is a PIN, a token request a read of it. So
 * the emulator's times, approvals and faults are those of the device flow too.
 *
 * `/device/…` answers by the standard, `/login/…` as GitHub does.
 */
export function withDeviceFlow(emulator: PlexEmulator, intervalMs: number): Handle {
  let devices = 0;

  async function makeCode(request: Request): Promise<Response> {
    devices += 1;
    const clientIdentifier = `device-${devices}`;
    const made = await askPlex(request, '/api/v2/pins?strong=true', 'POST', clientIdentifier);
    if (made.status !== 201) return made;
    const { id, code, expiresIn } = (await made.json()) as { id: number; code: string; expiresIn: number };
    return Response.json({
      device_code: `${id}.${clientIdentifier}`,
      user_code: code,
      verification_uri: 'http://localhost/link',
      expires_in: expiresIn,
      interval: intervalMs / 1000,
    });
  }

  async function readToken(request: Request, isGitHub: boolean): Promise<Response> {
    const text = await request.text();
    const deviceCode = isGitHub
      ? (JSON.parse(text) as { device_code: string }).device_code
      : (new URLSearchParams(text).get('device_code') ?? '');
    const [id, clientIdentifier = ''] = deviceCode.split('.');
    const read = await askPlex(request, `/api/v2/pins/${id}`, 'GET', clientIdentifier);
    const refuse = (error: string) => Response.json({ error }, { status: isGitHub ? 200 : 400 });
    if (read.status === 404) return refuse('expired_token');
    if (read.status !== 200 || !read.headers.get('Content-Type')?.startsWith('application/json')) return read;
    const { authToken } = (await read.json()) as { authToken: string | null };
    if (!authToken) return refuse('authorization_pending');
    return Response.json({ access_token: authToken, token_type: 'bearer', scope: '' });
  }

  function askPlex({ signal }: Request, path: string, method: string, clientIdentifier: string) {
    const headers = { Accept: 'application/json', 'X-Plex-Client-Identifier': clientIdentifier };
    return emulator.handle(new Request(`https://plex.tv${path}`, { method, headers, signal }));
  }

  return async (request) => {
    const { pathname } = new URL(request.url);
    if (/^\/(device|login\/device)\/code$/.test(pathname)) return makeCode(request);
    if (pathname === '/device/token') return readToken(request, false);
    if (pathname === '/login/oauth/access_token') return readToken(request, true);
    return emulator.handle(request);
  };
}
