import type { BackendPlexAuth } from '../browser/backend-plex-auth.ts';
import type { BrowserPlexAuth, BrowserPlexAuthOptions } from '../browser/index.ts';
import { copyOptions } from '../require-option.ts';
import type { PlexSignInMode } from './scene.ts';

/** What an element's own engine is made with, beside what the attributes say. */
export type PlexSignInOptions = Partial<Omit<BrowserPlexAuthOptions, 'backendURL'>> & {
  /** Where the application's server signs users in; what it decides is then no option. */
  backendURL?: string | undefined;
};

/** What an element's own engine is made of. */
export interface OwnEngineOptions {
  readonly element: Element;
  /** The page that the element is in. */
  readonly window: Window | undefined;
  readonly mode: PlexSignInMode;
  /** What no attribute says. */
  readonly options: PlexSignInOptions;
}

/** Makes an element's own engine. @throws {TypeError} For what no engine can be made of, naming the attribute. */
export type CreateOwnEngine = (options: OwnEngineOptions) => BrowserPlexAuth | BackendPlexAuth;

/** The attributes that the engine is made of. */
const engineAttributes = ['product', 'backend-url', 'forward-url', 'server-url', 'auth-app-url', 'link-url'];

/** A television that nobody looks at stops after an hour, and asks Plex for no more codes. */
const codeRenewals = 3;

/**
 * Makes an engine from an element's attributes and options.
 *
 * @param create Makes it from a copy of the options, without a prototype.
 * @throws {TypeError} For what no engine can be made of, naming the attribute.
 */
export function createFromElement<Engine>(
  { element, window, mode, options }: OwnEngineOptions,
  create: (own: object) => Engine,
): Engine {
  const all = { window, ...(mode === 'code' && { strong: false, renewals: codeRenewals }), ...options };
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
    return create(copyOptions(all));
  } catch (cause) {
    const { message } = cause as Error;
    throw new TypeError(
      message.replace(/\w+(?= must)/, (name) => attributeNames[name] ?? name),
      { cause },
    );
  }
}
