/** What of Playwright's `Route` is used. */
export interface PlaywrightRoute {
  request(): {
    url(): string;
    method(): string;
    allHeaders(): Promise<Record<string, string>>;
    postData(): string | null;
  };
  fulfill(response: { status: number; headers: Record<string, string>; body: string }): Promise<void>;
  abort(errorCode: string): Promise<void>;
}

/** Answers a request of a browser that Playwright has intercepted. Where plex.tv would drop the connection, so does this. */
export async function fulfillRoute(
  route: PlaywrightRoute,
  handle: (request: Request) => Promise<Response>,
): Promise<void> {
  const asked = route.request();
  const headers = Object.entries(await asked.allHeaders()).filter(([name]) => !name.startsWith(':'));
  const request = new Request(asked.url(), {
    method: asked.method(),
    headers,
    body: asked.postData(),
  });
  let answer: Parameters<PlaywrightRoute['fulfill']>[0];
  try {
    const response = await handle(request);
    answer = {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  } catch {
    return route.abort('connectionreset');
  }
  return route.fulfill(answer);
}
