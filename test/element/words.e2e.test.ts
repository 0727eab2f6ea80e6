import { describe, expect, it } from 'vitest';
import { complaints, openStagePage, page, show, text, visibleButtons } from './stage-page.ts';

openStagePage();

describe('what it says', () => {
  it.each([
    ['idle', 'Sign in to Moviebox', ['Sign in with Plex']],
    ['requesting', 'Contacting Plex', ['Sign in with Plex', 'Cancel']],
    ['waiting', 'Approve in the Plex window', ['Open the window again', 'Cancel']],
    ['trouble', 'Approve in the Plex window', ['Open the window again', 'Cancel']],
    ['blocked', 'The window was blocked', ['Continue in this tab', 'Cancel']],
    ['signedIn', 'Signed in as ada', ['Sign out']],
    ['signingOut', 'Signing out', ['Cancel']],
    ['expired', 'The time ran out', ['Try again']],
    ['ended', 'Your sign-in has ended', ['Try again']],
    ['offline', 'Plex cannot be reached', ['Try again']],
    ['busy', 'Plex is busy', ['Try again']],
    ['broken', 'Unusable answer from Plex', ['Try again']],
    ['misconfigured', 'Something is set up wrong', ['Try again']],
  ] as const)('in the state %s is "%s", with what to do next', async (state, heading, buttons) => {
    await show(state);
    expect(await text('heading')).toBe(heading);
    expect(await visibleButtons()).toEqual(buttons);
    if (state !== 'signedIn') expect((await text('text'))?.length).toBeGreaterThan(10);
    expect(complaints).toEqual([]);
  });

  it('names the error for the person who is asked for help', async () => {
    await show('misconfigured');
    expect(await text('footnote')).toBe('Error code: PLEX_CLIENT_MISMATCH 404 1020');
    expect(await page.evaluate(() => window.scene.events)).toMatchObject([
      expect.stringMatching(/^failed .*PLEX_CLIENT_MISMATCH/),
    ]);
  });

  it('starts again after the time ran out, and announces each end once', async () => {
    await show('expired');
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => text('heading')).not.toBe('The time ran out');
    await page.evaluate(async () => {
      await window.scene.time.advance(1000);
      window.scene.plex.link(window.scene.plex.pins.at(-1)?.code ?? '');
      await window.scene.time.advance(5000);
    });
    expect(await text('heading')).toBe('Signed in as ada');
    const events = await page.evaluate(() => window.scene.events);
    expect(events.map((event) => event.split(' ')[0])).toEqual(['expired', 'authenticated']);
    expect(events.join()).not.toContain('token":"p');
    expect(events[1]).toContain('"token":"[redacted]"');
  });

  it('stays calm about a poor connection, and takes it back', async () => {
    await show('trouble');
    expect(await text('text')).toBe('The connection is poor. Still trying.');
    expect(await text('number')).toBe('30');
  });

  it('takes other words', async () => {
    await page.evaluate(async () => {
      window.scene = await window.stage.show('idle', { strings: { signIn: 'Use my Plex account' } });
    });
    expect(await visibleButtons()).toEqual(['Use my Plex account']);
    await page.evaluate(() => {
      window.scene.tag.strings = { signIn: 'Go' };
    });
    await expect.poll(visibleButtons).toEqual(['Go']);
    expect(await text('heading')).toBe('Sign in to Moviebox');
  });

  it('offers a new tab where nothing outlives the page, and says so', async () => {
    await show('unkept', { mode: 'redirect' });
    expect(await text('heading')).toBe('This page has to stay open');
    expect(await page.getByRole('link').getAttribute('target')).toBe('_blank');
    expect(await text('footnote')).toBe('Nothing can be saved here.');
    expect(await visibleButtons()).toEqual(['Cancel']);
  });

  it('says at once what is missing, on the page and in the console, and offers nothing to press', async () => {
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    await show('idle', { product: '' });
    expect(await text('heading')).toBe('Something is set up wrong');
    expect(await text('text')).toContain('product=');
    expect(await visibleButtons()).toEqual([]);
    await expect.poll(() => said.join()).toContain('product=');
    expect(said).toHaveLength(1);
    await page.evaluate(() => window.scene.tag.setAttribute('product', 'Moviebox'));
    await expect.poll(() => text('heading')).toBe('Sign in to Moviebox');
    expect(await visibleButtons()).toEqual(['Sign in with Plex']);
  });
});

describe('attributes that change late', () => {
  it('are followed at once while nothing runs', async () => {
    await show('idle');
    await page.evaluate(() => window.scene.tag.setAttribute('product', 'Other'));
    await expect.poll(() => text('heading')).toBe('Sign in to Other');
    await page.evaluate(() => window.scene.tag.setAttribute('mode', 'code'));
    await expect.poll(visibleButtons).toEqual(['Get a code']);
    await page.getByRole('button').click();
    await page.evaluate(() => window.stage.until(() => window.scene.plex.pins.length > 0));
    expect(await page.evaluate(() => window.scene.plex.pins[0]?.strong)).toBe(false);
  });

  it('end no flow that runs', async () => {
    await show('waiting');
    await page.evaluate(async () => {
      window.scene.tag.setAttribute('product', 'Other');
      await window.scene.time.advance(5000);
      window.scene.plex.link(window.scene.plex.pins[0]?.code ?? '');
      await window.scene.time.advance(5000);
    });
    expect(await text('heading')).toBe('Signed in as ada');
  });

  it('bring another language', async () => {
    await show('idle');
    await page.evaluate(() => window.scene.tag.setAttribute('lang', 'de-AT'));
    await expect.poll(() => text('heading')).toBe('Bei Moviebox anmelden');
    await page.evaluate(() => {
      window.scene.tag.removeAttribute('lang');
      document.documentElement.lang = 'fr';
    });
    await expect.poll(() => text('heading')).toBe('Se connecter à Moviebox');
  });
});

describe('the live region', () => {
  it('says each change once, the code by its characters, and the time twice', async () => {
    await page.evaluate(async () => {
      const { putUp, partOf, until } = window.stage;
      window.scene = await putUp({ attributes: { mode: 'code' }, options: { renewals: 0 } });
      const { tag, time } = window.scene;
      const live = partOf(tag, 'live');
      const said: string[] = [];
      Object.assign(window, { said });
      new MutationObserver(() => said.push(live.textContent ?? '')).observe(live, {
        childList: true,
        characterData: true,
        subtree: true,
      });
      partOf(tag, 'main').click();
      await until(() => tag.auth?.getSnapshot().status !== 'idle');
      await time.advance(200);
      await until(() => partOf(tag, 'note').textContent !== 'Contacting Plex');
      for (let second = 0; second < 905; second += 5) {
        await time.advance(5000);
        await Promise.resolve();
      }
    });
    const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
    expect(said).toEqual([
      'Contacting Plex',
      'Go to plex.tv/link and enter the code P 6 W 6',
      '5 minutes left',
      '1 minute left',
      'The time ran out. Nobody approved in time. You can start again any time.',
    ]);
  });
});
