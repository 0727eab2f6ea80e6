/** What is said at the end of a sign-in, and where the window is gone before. */
import { describe, expect, it } from 'vitest';
import { complaints, openStagePage, page, show, site, text, visibleButtons } from './stage-page.ts';

openStagePage();

const requestsFor = (operation: string) =>
  page.evaluate(
    (operation) => window.scene.plex.requests.filter((request) => request.operation === operation).length,
    operation,
  );

describe('who is signed in', () => {
  it('is said by name, and asked for once', async () => {
    await show('signedIn');
    expect(await text('heading')).toBe('Signed in as ada');
    expect(await text('text')).toBe('');
    expect(await page.locator('#avatar').isVisible()).toBe(true);
    expect(await requestsFor('getUser')).toBe(1);
  });

  it('is not asked for where the application hides or removes the tag in the event', async () => {
    for (const way of ['hide', 'remove'] as const) {
      await page.evaluate(async (way) => {
        window.scene = await window.stage.putUp({});
        const { tag } = window.scene;
        tag.addEventListener('authenticated', () => {
          if (way === 'hide') tag.hidden = true;
          else tag.remove();
        });
        window.stage.partOf(tag, 'main').click();
        await window.stage.until(() => window.scene.plex.pins.length > 0);
        await window.scene.time.advance(200);
        window.scene.plex.link(window.scene.plex.pins[0]?.code ?? '');
        await window.scene.time.advance(5000);
        await new Promise((next) => setTimeout(next, 100));
      }, way);
      expect(await page.evaluate(() => window.scene.events.length)).toBe(1);
      expect(await requestsFor('getUser')).toBe(0);
    }
  });

  it('is shown by the picture where it comes, and by initials where it does not', async () => {
    const picture =
      '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>';
    let isThere = false;
    const asked: (string | undefined)[] = [];
    await page.route('https://plex.tv/users/**', (route) => {
      asked.push(route.request().headers()['referer']);
      return isThere ? route.fulfill({ contentType: 'image/svg+xml', body: picture }) : route.abort();
    });
    await show('signedIn');
    await expect.poll(() => page.locator('#avatar > img').count()).toBe(0);
    expect(await text('avatar')).toBe('A');
    isThere = true;
    await page.evaluate(() => document.querySelector('#stage')?.replaceChildren());
    await show('signedIn');
    await expect.poll(() => page.locator('#avatar > img').isVisible()).toBe(true);
    expect(asked).toEqual([undefined, undefined]);
  });

  it('is shown by initials where the page’s policy stops pictures', async () => {
    await page.route(site.url, async (route) => {
      const response = await route.fetch();
      await route.fulfill({
        response,
        headers: { ...response.headers(), 'content-security-policy': "img-src 'self'" },
      });
    });
    await page.goto(site.url);
    await show('signedIn');
    await expect.poll(() => page.locator('#avatar > img').count()).toBe(0);
    expect(await text('avatar')).toBe('A');
    expect(await text('heading')).toBe('Signed in as ada');
    expect(complaints).toEqual([]);
  });

  it('stays unsaid where Plex does not say it, and the sign-in counts', async () => {
    await page.evaluate(async () => {
      window.scene = await window.stage.putUp({});
      window.scene.plex.fault({ type: 'reset' }, { operation: 'getUser', times: 100 });
      await window.stage.moves.signedIn(window.scene);
    });
    expect(await text('heading')).toBe('You are signed in');
    expect(await page.locator('#glyph').isVisible()).toBe(true);
  });

  it('is forgotten with the sign-out', async () => {
    await show('signedIn');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect.poll(() => text('heading')).toBe('Sign in to Moviebox');
    expect(await page.locator('#avatar').isVisible()).toBe(false);
  });
});

describe('a window that is closed', () => {
  it('is noticed, while reads go on', async () => {
    await show('closed');
    expect(await text('heading')).toBe('Still waiting for Plex');
    expect(await text('text')).toBe('Closed the window? Open it again.');
    expect(await visibleButtons()).toEqual(['Open the window again', 'Cancel']);
    const before = await requestsFor('getToken');
    await page.evaluate(() => window.scene.time.advance(30_000));
    expect(await requestsFor('getToken')).toBeGreaterThan(before + 3);
    await page.evaluate(async () => {
      window.scene.plex.link(window.scene.plex.pins[0]?.code ?? '');
      await window.scene.time.advance(5000);
    });
    await expect.poll(() => text('heading')).toBe('Signed in as ada');
  });

  it('is said once, and taken back where it is opened again', async () => {
    await show('waiting');
    const said = await page.evaluate(async () => {
      const { tag, opened, time } = window.scene;
      const said: string[] = [];
      const live = window.stage.partOf(tag, 'live');
      new MutationObserver(() => said.push(live.textContent ?? '')).observe(live, { childList: true });
      opened.closed = true;
      for (let second = 0; second < 60; second++) await time.advance(1000);
      return said;
    });
    expect(said).toEqual(['Still waiting for Plex. Closed the window? Open it again.']);
    await page.evaluate(async () => {
      window.scene.opened.closed = false;
      window.stage.partOf(window.scene.tag, 'main').click();
      await window.scene.time.advance(3000);
    });
    expect(await text('heading')).toBe('Approve in the Plex window');
  });

  it('because the user has approved is no news', async () => {
    await show('waiting');
    const headings = await page.evaluate(async () => {
      const { tag, plex, opened, time } = window.scene;
      const heading = window.stage.partOf(tag, 'heading');
      const seen: string[] = [];
      new MutationObserver(() => seen.push(heading.textContent ?? '')).observe(heading, { childList: true });
      plex.link(plex.pins[0]?.code ?? '');
      opened.closed = true;
      for (let step = 0; step < 100; step++) await time.advance(50);
      return seen;
    });
    expect(headings[0]).toBe('You are signed in');
  });
});

it('a limit says how long it was', async () => {
  await show('limit');
  expect(await text('heading')).toBe('The time ran out');
  expect(await text('text')).toBe('Nobody approved within 10 minutes. You can start again any time.');
});
