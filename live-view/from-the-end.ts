/** The last item of a list. `at` is missing before Chrome 92 and Safari 15.4. */
export function lastOf<Item>(items: readonly Item[]): Item | undefined {
  return items[items.length - 1];
}

/** Where the last such item is; -1 if there is none. The method of that name is missing before Chrome 97 and Firefox 104. */
export function findLastIndex<Item>(items: readonly Item[], isWanted: (item: Item) => boolean): number {
  let index = items.length;
  while (index--) if (isWanted(items[index] as Item)) break;
  return index;
}
