/** Gives the address of the page to type a code on, short enough for a person to type: without the code filled in. */
export function toLinkPage(linkURL: string): string {
  const { origin, pathname } = new URL(linkURL);
  return origin + pathname.replace(/\/$/, '');
}
