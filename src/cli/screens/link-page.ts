/** The page on which a code is typed, as a person would type its address: without the code filled in. */
export function toLinkPage(linkURL: string): string {
  const { origin, pathname } = new URL(linkURL);
  return origin + pathname.replace(/\/$/, '');
}
