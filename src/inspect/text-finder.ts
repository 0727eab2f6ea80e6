/** Finds many texts at once. */
export interface TextFinder<Text extends SoughtText> {
  /**
   * Looks through some characters, each read once: the time grows with their number, whatever the texts are.
   *
   * @param onFound Called wherever texts end, first with the longest. Where it returns false, the next shorter one follows.
   * @returns Where the characters end with the beginning of a text: the start of the longest one. Their number if with none.
   */
  find(characters: ArrayLike<number>, onFound: (text: Text, end: number) => boolean): number;
}

export interface SoughtText {
  readonly characters: ArrayLike<number>;
}

/** A text that ends at a node, and the next one, which is as long or shorter. */
interface Ending<Text> {
  readonly text: Text;
  readonly next: Ending<Text> | undefined;
}

interface Node<Text> {
  readonly depth: number;
  readonly character: number;
  readonly parent: Node<Text> | undefined;
  readonly children: Map<number, Node<Text>>;
  readonly texts: Text[];
  /** The node of the longest other beginning of a text that this one ends with. */
  fallback: Node<Text> | undefined;
  ending: Ending<Text> | undefined;
}

/** Makes a finder of the texts, by the algorithm of Aho and Corasick. Empty texts are never found. */
export function createTextFinder<Text extends SoughtText>(texts: Iterable<Text>): TextFinder<Text> {
  const root = createNode<Text>(undefined, 0);
  const nodes: Node<Text>[] = [];
  for (const text of texts) addText(root, text, nodes);
  nodes.sort((one, other) => one.depth - other.depth);
  for (const node of nodes) {
    node.fallback = node.parent === root ? root : follow(node.parent?.fallback ?? root, node.character);
    node.ending = node.texts.reduce<Ending<Text> | undefined>(
      (next, text) => ({ text, next }),
      node.fallback.ending,
    );
  }

  return {
    find(characters, onFound) {
      let node = root;
      for (let at = 0; at < characters.length; at++) {
        node = follow(node, characters[at] ?? 0);
        let { ending } = node;
        while (ending && !onFound(ending.text, at + 1)) ending = ending.next;
      }
      return characters.length - node.depth;
    },
  };
}

function addText<Text extends SoughtText>(root: Node<Text>, text: Text, nodes: Node<Text>[]): void {
  const { characters } = text;
  let node = root;
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? 0;
    let child = node.children.get(character);
    if (!child) {
      child = createNode(node, character);
      node.children.set(character, child);
      nodes.push(child);
    }
    node = child;
  }
  if (node !== root) node.texts.push(text);
}

/** The node of the longest beginning of a text that ends with the character. */
function follow<Text>(from: Node<Text>, character: number): Node<Text> {
  for (let node = from; ; node = node.fallback) {
    const child = node.children.get(character);
    if (child) return child;
    if (!node.fallback) return node;
  }
}

function createNode<Text>(parent: Node<Text> | undefined, character: number): Node<Text> {
  return {
    depth: (parent?.depth ?? -1) + 1,
    character,
    parent,
    children: new Map(),
    texts: [],
    fallback: undefined,
    ending: undefined,
  };
}
