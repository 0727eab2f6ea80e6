/** Stands in for a relay where no Node is. */
export function startRelay(): never {
  throw new Error('Only Node can serve a live view');
}
