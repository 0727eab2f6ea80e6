import {
  type BrowserPlexAuth,
  type BrowserPlexAuthOptions,
  createBrowserPlexAuth,
} from '../browser/index.ts';
import { pageOf } from './page-of.ts';
import type { PlexSignInMode } from './screen.ts';

/** The attributes that the engine is made of. */
const engineAttributes = ['product', 'forward-url', 'server-url', 'auth-app-url', 'link-url'];

/** A television that nobody looks at stops after an hour, and asks Plex for no more codes. */
const codeRenewals = 3;

/** What {@link createOwnEngine} reads. */
export interface OwnEngineOptions {
  readonly element: Element;
  readonly mode: PlexSignInMode;
  /** What no attribute says. */
  readonly options: Partial<BrowserPlexAuthOptions>;
}

/**
 * Makes the element's own engine from its attributes and options. This file is loaded when it is needed: the engine is
 * four times as large as the rest of the element.
 *
 * @throws {TypeError} For what no engine can be made of, naming the attribute.
 */
export function createOwnEngine({ element, mode, options }: OwnEngineOptions): BrowserPlexAuth {
  const isCode = mode === 'code';
  const window = pageOf(element) ?? undefined;
  const all = { window, strong: !isCode, renewals: isCode ? codeRenewals : 0, ...options };
  const attributeNames: Record<string, string> = {};
  try {
    for (const attribute of engineAttributes) {
      const value = element.getAttribute(attribute)?.trim();
      if (!value) continue;
      const option = attribute.replace(/-(url|.)/g, (part) => part.slice(1).toUpperCase());
      attributeNames[option] = attribute;
      const isWhole = attribute === 'product' || /^\w+:/.test(value);
      Object.assign(all, { [option]: isWhole ? value : new URL(value, element.baseURI).href });
    }
    return createBrowserPlexAuth(all as BrowserPlexAuthOptions);
  } catch (cause) {
    const { message } = cause as Error;
    throw new TypeError(
      message.replace(/\w+(?= must)/, (name) => attributeNames[name] ?? name),
      { cause },
    );
  }
}
