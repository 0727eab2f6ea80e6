/** Who waits in a {@link Line}. The three fields are the line's own. */
export interface InLine<Item> {
  line: Line<Item> | undefined;
  before: Item | undefined;
  after: Item | undefined;
}

/** Those who wait, in their order. To join and to leave takes the same short time however many wait, and no memory. */
export interface Line<Item> {
  first: Item | undefined;
  last: Item | undefined;
}

/** Makes an empty line. */
export function createLine<Item>(): Line<Item> {
  return { first: undefined, last: undefined };
}

/** Puts an item at the end of a line, and takes it out of the one that it is in. */
export function joinLine<Item extends InLine<Item>>(line: Line<Item>, item: Item): void {
  leaveLine(item);
  item.line = line;
  item.before = line.last;
  if (line.last) line.last.after = item;
  else line.first = item;
  line.last = item;
}

/** Takes an item out of its line, if it is in one. */
export function leaveLine<Item extends InLine<Item>>(item: Item): void {
  const { line, before, after } = item;
  if (!line) return;
  if (before) before.after = after;
  else line.first = after;
  if (after) after.before = before;
  else line.last = before;
  item.line = undefined;
  item.before = undefined;
  item.after = undefined;
}

/** Goes through a line. What it gives may leave meanwhile. */
export function* membersOf<Item extends InLine<Item>>(line: Line<Item>): Generator<Item> {
  for (let item = line.first; item; ) {
    const { after } = item;
    yield item;
    item = after;
  }
}
