/**
 * Makes what makes an e-mail address of a name: a valid one, that nobody else gets.
 *
 * The same names in the same order get the same addresses.
 */
export function createEmailMaker(): (name: string) => string {
  const taken = new Set<string>();
  return (name) => {
    const base =
      name
        .toLowerCase()
        .match(/[a-z0-9]+/g)
        ?.join('.') ?? 'person';
    let local = base;
    for (let count = 2; taken.has(local); count += 1) local = `${base}.${count}`;
    taken.add(local);
    return `${local}@example.com`;
  };
}
