/** An http or https address without a user and a password, in its parts. */
export type PageURL = Pick<URL, 'href' | 'protocol' | 'hostname' | 'origin' | 'pathname'>;

/** Parses the address of a page. @returns Undefined unless it is http or https, without a user and a password. */
export function readPageURL(value: unknown): PageURL | undefined {
  const url = typeof value === 'string' ? parseURL(value) : undefined;
  return url && /^https?:$/.test(url.protocol) ? url : undefined;
}

/** `URL.canParse` is missing before Chrome 120 and Safari 17. */
function parseURL(value: string): PageURL | undefined {
  try {
    const url = new URL(value);
    if (!isStandard()) return readPlainURL(value);
    return url.username || url.password ? undefined : url;
  } catch {
    return undefined;
  }
}

/** React Native's own URL takes any text and adds a slash to it; before 0.80 it throws for each of its parts. */
function isStandard(): boolean {
  return new URL('a:b').href === 'a:b';
}

const plainURL =
  /^(https?:)\/\/((?:[\w-]+\.)*[\w-]+|\[[\da-f:.]+\])(:\d{1,5})?(\/[^\s\\?#]*)?(?:[?#][^\s\\]*)?$/i;

/** Parses what most addresses are, and no other: a host of ASCII, without a user. */
function readPlainURL(value: string): PageURL | undefined {
  const [, scheme = '', host = '', port = '', pathname = '/'] = plainURL.exec(value) ?? [];
  if (!host) return undefined;
  const [protocol, hostname] = [scheme.toLowerCase(), host.toLowerCase()];
  const isUsualPort = port === (protocol === 'https:' ? ':443' : ':80');
  const origin = `${protocol}//${hostname}${isUsualPort ? '' : port}`;
  return { href: value, protocol, hostname, origin, pathname };
}
