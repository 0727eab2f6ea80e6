import { describe, expect, it } from 'vitest';
import { complaints, openStagePage, page, site, text } from './stage-page.ts';

openStagePage();

describe('what a server wrote', () => {
  it.each(['en', 'ar'])(
    'shows before the script has come, and is then taken over node by node (%s)',
    async (lang) => {
      let letGo = () => {};
      const held = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      await page.route(`**/server/${lang}.js`, async (route) => {
        await held;
        await route.continue();
      });
      await page.goto(`${site.url}/server/${lang}`, { waitUntil: 'commit' });
      await expect.poll(() => page.locator('#main').isVisible()).toBe(true);
      const before = await page.evaluate(() => {
        const root = document.querySelector('plex-sign-in')?.shadowRoot as ShadowRoot;
        const nodes = [...root.querySelectorAll('*')];
        const written: (string | undefined)[] = [];
        const note = (records: MutationRecord[]) =>
          written.push(...records.map(({ target }) => target.parentElement?.id ?? (target as Element).id));
        new MutationObserver(note).observe(root, { subtree: true, childList: true, characterData: true });
        Object.assign(window, { nodes, written });
        return {
          height: root.host.getBoundingClientRect().height,
          text: root.getElementById('card')?.textContent,
        };
      });
      letGo();
      await page.waitForFunction(() => customElements.get('plex-sign-in'));
      await expect.poll(() => page.locator('#code').count()).toBe(1);
      const after = await page.evaluate(() => {
        const root = document.querySelector('plex-sign-in')?.shadowRoot as ShadowRoot;
        const { nodes, written } = window as unknown as { nodes: Element[]; written: string[] };
        return {
          height: root.host.getBoundingClientRect().height,
          text: root.getElementById('card')?.textContent,
          kept: nodes.length > 15 && nodes.every((node) => root.contains(node)),
          // Where the code and its picture will be.
          written: written.filter((id) => !['body', 'card'].includes(id)),
        };
      });
      expect(after).toEqual({ ...before, kept: true, written: [] });
      expect(after.text).toContain('Moviebox');
    },
  );
});

it('takes the button of a server over, with its heading', async () => {
  await page.goto(`${site.url}/server/button`);
  await page.waitForFunction(() => customElements.get('plex-sign-in'));
  await page.evaluate(() => {
    const root = document.querySelector('plex-sign-in')?.shadowRoot;
    Object.assign(window, {
      trigger: root?.getElementById('trigger'),
      heading: root?.getElementById('heading'),
    });
  });
  await expect.poll(() => page.locator('#card').getAttribute('popover')).toBe('auto');
  expect(
    await page.evaluate(() => {
      const root = document.querySelector('plex-sign-in')?.shadowRoot;
      const { trigger, heading } = window as unknown as Record<string, Element>;
      return [
        root?.getElementById('trigger') === trigger && root?.querySelectorAll('#trigger, #badge').length,
        root?.getElementById('heading') === heading && heading?.localName,
        root?.getElementById('state')?.textContent,
      ];
    }),
  ).toEqual([2, 'h3', 'Sign in with Plex']);
});

describe('a page with a strict policy', () => {
  it('lets it look and work as elsewhere', async () => {
    await page.goto(`${site.url}/strict`);
    await expect.poll(() => text('heading')).toBe('Sign in to Moviebox');
    expect(await page.locator('#card').evaluate((card) => getComputedStyle(card).borderRadius)).toBe('16px');
    expect(complaints).toEqual([]);
  });
});
