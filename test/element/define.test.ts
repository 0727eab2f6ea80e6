import { Window } from 'happy-dom';
import { beforeEach, describe, expect, it, vi } from 'vitest';

/** The page's elements, as a copy of the package that is loaded now finds them. */
let elements: CustomElementRegistry;

beforeEach(() => {
  const window = new Window();
  elements = window.customElements as unknown as CustomElementRegistry;
  vi.resetModules();
  vi.stubGlobal('HTMLElement', window.HTMLElement);
  vi.stubGlobal('customElements', elements);
  return () => {
    vi.unstubAllGlobals();
    return window.happyDOM.close();
  };
});

const defining = {
  '/element': () => import('../../src/element/index.ts'),
  '/element/define': () => import('../../src/element/define.ts'),
  '/element/react': () => import('../../src/element/jsx/react.ts'),
  '/element/preact': () => import('../../src/element/jsx/preact.ts'),
  '/element/solid': () => import('../../src/element/jsx/solid.ts'),
};

describe('the tag', () => {
  it.each(Object.entries(defining))(
    'is defined by importing %s, once where there are two copies',
    async (_, load) => {
      const { PlexSignIn } = await load();
      expect(elements.get('plex-sign-in')).toBe(PlexSignIn);
      vi.resetModules();
      const copy = await load();
      expect(copy.PlexSignIn).not.toBe(PlexSignIn);
      expect(elements.get('plex-sign-in')).toBe(PlexSignIn);
    },
  );

  it('is not defined by importing the class, which can be extended and defined under another name', async () => {
    const { PlexSignIn } = await import('../../src/element/class.ts');
    expect(elements.get('plex-sign-in')).toBeUndefined();
    class MySignIn extends PlexSignIn {}
    elements.define('my-sign-in', MySignIn);
    expect(elements.get('my-sign-in')).toBe(MySignIn);
    expect(elements.get('plex-sign-in')).toBeUndefined();
  });
});
