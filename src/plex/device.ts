/** What Plex may show the user about the application, and lists among the account's devices. All optional. */
export interface PlexDevice {
  /** The application's version, such as `1.4.2`. */
  version?: string;
  /** What it runs on, such as `Web` or `Roku`. */
  platform?: string;
  platformVersion?: string;
  /** The kind of device, such as `Roku 3` or `Linux`. */
  device?: string;
  /** What its owner calls it, such as `Living room`. Any script. */
  deviceName?: string;
  model?: string;
  /** The language of the consent page, such as `de`. */
  language?: string;
  /** Such as `1920x1080`. */
  screenResolution?: string;
  /** Only on the consent page. */
  layout?: string;
  /** Only on the consent page. */
  environment?: string;
}

/** Identifies the application in each request. */
export interface PlexIdentity {
  /** The application's name as the user reads it on the consent page. Without it that page says "0". */
  product?: string | undefined;
  /** Names this installation. Made once, kept, never shared: printable ASCII. */
  clientIdentifier: string;
  device?: PlexDevice | undefined;
}

const headerNames: { readonly [name in keyof PlexDevice]: string } = {
  version: 'X-Plex-Version',
  platform: 'X-Plex-Platform',
  platformVersion: 'X-Plex-Platform-Version',
  device: 'X-Plex-Device',
  deviceName: 'X-Plex-Device-Name',
  model: 'X-Plex-Model',
  language: 'X-Plex-Language',
  screenResolution: 'X-Plex-Device-Screen-Resolution',
};

export const identifierHeader = 'X-Plex-Client-Identifier';

/** The names of the `device` fields, for checking. */
export const deviceFields: readonly string[] = [...Object.keys(headerNames), 'layout', 'environment'];

/**
 * Identifies the application, in Plex's own names.
 *
 * A value that a header cannot carry unharmed travels in the query, which is always UTF-8: a header takes ISO-8859-1
 * only, and `fetch` throws before it sends anything else.
 *
 * @see plex.tv, X-Plex-* as header, query argument or form field (read 2026-08)
 */
export function identify(
  { product, device }: Omit<PlexIdentity, 'clientIdentifier'>,
  clientIdentifier: string,
): {
  headers: Record<string, string>;
  query: Record<string, string>;
} {
  const headers: Record<string, string> = { [identifierHeader]: clientIdentifier };
  const query: Record<string, string> = {};
  const put = (name: string, value: string | undefined) => {
    if (value) (isHeaderSafe(value) ? headers : query)[name] = value;
  };
  put('X-Plex-Product', product);
  if (!device) return { headers, query };
  for (const [field, name] of Object.entries(headerNames)) put(name, device[field as keyof PlexDevice]);
  return { headers, query };
}

/** Whether a header carries this text unharmed: printable ASCII, no space at either end. */
export function isHeaderSafe(text: string): boolean {
  return /^[!-~]([ -~]*[!-~])?$/.test(text);
}
