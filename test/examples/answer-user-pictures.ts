import type { BrowserContext } from 'playwright-core';

const picture =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1" /></svg>';

/** Answers for the picture of whoever signs in: it is at plex.tv, which a test does not reach. */
export async function answerUserPictures(context: BrowserContext): Promise<void> {
  await context.route('https://plex.tv/users/**', (route) =>
    route.fulfill({ contentType: 'image/svg+xml', body: picture }),
  );
}
