import { readdirSync, readFileSync } from 'node:fs';
import { type ESTree, parseSync, Visitor } from 'rolldown/utils';

/** A member of an interface or of a class, as its source documents it. */
export interface DocumentedMember {
  readonly name: string;
  readonly kind: 'field' | 'method';
  /** As written; a name of a union of texts is replaced by the union. */
  readonly type: string;
  readonly description: string;
  /** The text of the whole member. */
  readonly source: string;
}

interface Source {
  readonly code: string;
  readonly program: ESTree.Program;
  readonly comments: readonly { value: string; start: number; end: number }[];
}

const folder = 'src/element';

function parse(file: string): Source {
  const code = readFileSync(file, 'utf8');
  const { program, comments } = parseSync(file, code);
  return { code, program, comments };
}

/** The unions of texts that the element's sources name, such as `PlexSignInMode`. */
function readUnions(): Map<string, string> {
  const unions = new Map<string, string>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
    const { code, program } = parse(`${folder}/${file}`);
    new Visitor({
      TSTypeAliasDeclaration({ id, typeAnnotation: { type, start, end } }) {
        if (type === 'TSUnionType' && /^[\s|]*'/.test(code.slice(start, end)))
          unions.set(id.name, code.slice(start, end).replace(/\s+/g, ' '));
      },
    }).visit(program);
  }
  return unions;
}

/** The comment right before a node, as one line of text. */
function descriptionAt({ code, comments }: Source, start: number): string {
  const comment = comments.findLast(({ end }) => end <= start && code.slice(end, start).trim() === '');
  return (comment?.value ?? '')
    .split('\n')
    .map((line) => line.replace(/^[\s*]+/, '').trim())
    .join(' ')
    .trim();
}

function nameOf(key: ESTree.PropertyKey): string | undefined {
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' ? String(key.value) : undefined;
}

/** Reads the members of an interface or of a class of the element, without what is private. */
export function readMembers(file: string, declaration: string): DocumentedMember[] {
  const source = parse(`${folder}/${file}`);
  const unions = readUnions();
  const members: DocumentedMember[] = [];
  const add = (
    node: ESTree.Node & { key: ESTree.PropertyKey },
    kind: DocumentedMember['kind'],
    type: ESTree.TSTypeAnnotation | null | undefined,
  ) => {
    const name = nameOf(node.key);
    if (!name) return;
    const written = type
      ? source.code.slice(type.typeAnnotation.start, type.typeAnnotation.end).replace(/ \| undefined$/, '')
      : '';
    members.push({
      name,
      kind,
      type: unions.get(written) ?? written,
      description: descriptionAt(source, node.start),
      source: source.code.slice(node.start, node.end),
    });
  };
  new Visitor({
    TSInterfaceDeclaration({ id, body }) {
      if (id.name !== declaration) return;
      for (const member of body.body)
        if (member.type === 'TSPropertySignature') add(member, 'field', member.typeAnnotation);
    },
    ClassDeclaration({ id, body }) {
      if (id?.name !== declaration) return;
      for (const member of body.body) {
        if (member.type !== 'MethodDefinition' || member.key.type === 'PrivateIdentifier') continue;
        if (member.kind === 'get') add(member, 'field', member.value.returnType);
        if (member.kind === 'method') add(member, 'method', member.value.returnType);
      }
    },
  }).visit(source.program);
  return members;
}

/** Reads what a class says of itself. */
export function readDescription(file: string, declaration: string): string {
  const source = parse(`${folder}/${file}`);
  let description = '';
  new Visitor({
    ExportNamedDeclaration({ start, declaration: declared }) {
      if (declared?.type === 'ClassDeclaration' && declared.id?.name === declaration)
        description = descriptionAt(source, start);
    },
  }).visit(source.program);
  return description;
}
