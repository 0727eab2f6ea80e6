import { describe, expect, it } from 'vitest';
import { openStagePage, page, show, text } from './stage-page.ts';

openStagePage();

describe('the engine', () => {
  it('of its own ends with the tag', async () => {
    await show('waiting');
    const left = await page.evaluate(async () => {
      const auth = window.scene.tag.auth;
      window.scene.tag.remove();
      await new Promise((next) => requestAnimationFrame(next));
      await window.scene.time.advance(10_000);
      return { status: auth?.actor.getSnapshot().status, timers: window.scene.time.timers };
    });
    expect(left).toEqual({ status: 'stopped', timers: 0 });
  });

  it('that it is given continues without it', async () => {
    const seen = await page.evaluate(async () => {
      const time = window.stage.createVirtualTime();
      const plex = window.stage.createPlexEmulator({ clock: time.clock });
      const auth = window.stage.createPlexAuth({ product: 'Given', fetch: plex.fetch, clock: time.clock });
      const tag = document.createElement('plex-sign-in');
      tag.lang = 'en';
      tag.auth = auth;
      document.body.append(tag);
      await window.stage.until(() => window.stage.partOf(tag, 'heading').textContent !== '');
      window.stage.partOf(tag, 'main').click();
      await time.advance(200);
      const link = window.stage.partOf(tag, 'link') as HTMLAnchorElement;
      const shown = {
        href: link.href,
        label: link.textContent,
        main: window.stage.partOf(tag, 'main').hidden,
      };
      tag.remove();
      await new Promise((next) => requestAnimationFrame(next));
      plex.link(plex.pins[0]?.code ?? '');
      await time.advance(5000);
      return { ...shown, status: auth.getSnapshot().status, actor: auth.actor.getSnapshot().status };
    });
    expect(seen).toMatchObject({ label: 'Open Plex', main: true, status: 'authenticated', actor: 'active' });
    expect(seen.href).toContain('https://app.plex.tv/auth#?clientID=');
  });

  it('that has signed in before it is given reports it at once', async () => {
    const seen = await page.evaluate(async () => {
      const time = window.stage.createVirtualTime();
      const plex = window.stage.createPlexEmulator({ clock: time.clock });
      const auth = window.stage.createPlexAuth({ product: 'Given', fetch: plex.fetch, clock: time.clock });
      auth.start();
      await time.advance(100);
      plex.link(plex.pins[0]?.code ?? '');
      await time.advance(5000);
      const tag = document.createElement('plex-sign-in');
      const details: unknown[] = [];
      tag.addEventListener('authenticated', (event) =>
        details.push((event as CustomEvent).detail.clientIdentifier.length),
      );
      tag.lang = 'en';
      tag.auth = auth;
      document.body.append(tag);
      await window.stage.until(() => window.stage.partOf(tag, 'heading').textContent !== '');
      tag.setAttribute('product', 'Other');
      await new Promise((next) => requestAnimationFrame(next));
      await window.stage.until(() => /as/.test(window.stage.partOf(tag, 'heading').textContent ?? ''));
      return { details, heading: window.stage.partOf(tag, 'heading').textContent };
    });
    expect(seen).toEqual({ details: [24], heading: 'Signed in as emulated' });
  });

  it('continues while the tag is moved', async () => {
    await show('waiting');
    await page.evaluate(async () => {
      const { tag, time, plex } = window.scene;
      document.body.prepend(tag);
      const body: { moveBefore?: (node: Node, before: Node | null) => void } = document.body;
      await new Promise((next) => requestAnimationFrame(next));
      body.moveBefore?.(tag, null);
      await new Promise((next) => requestAnimationFrame(next));
      plex.link(plex.pins[0]?.code ?? '');
      await time.advance(5000);
    });
    expect(await text('heading')).toBe('Signed in as ada');
    expect(await page.evaluate(() => window.scene.plex.pins.length)).toBe(1);
  });

  it('renews a code that ran out, three times', async () => {
    await show('waiting', { mode: 'code' });
    const seen = await page.evaluate(async () => {
      await window.scene.time.advance(4 * 900_000 + 60_000);
      return { pins: window.scene.plex.pins.length, events: window.scene.events };
    });
    expect(seen.pins).toBe(4);
    expect(seen.events).toEqual(['expired {"reason":"pin"}']);
  });
});
