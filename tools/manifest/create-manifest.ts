import type {
  Attribute,
  ClassMember,
  CustomElementDeclaration,
  CustomElementField,
  Event,
  Package,
} from 'custom-elements-manifest';
import { type DocumentedMember, readDescription, readMembers } from './documented-members.ts';
import { partDescriptions, propertyDescriptions, slotDescriptions } from './style-descriptions.ts';
import { customProperties, parts, slots } from './style-names.ts';

const tagName = 'plex-sign-in';
const className = 'PlexSignIn';

/** What the platform calls. */
const callbacks = /Callback$/;

/**
 * Describes `<plex-sign-in>` as a Custom Elements Manifest, for editors and for tools that document elements: attributes,
 * properties and events from the declarations in the sources, parts and custom properties from the styles.
 *
 * @see https://github.com/webcomponents/custom-elements-manifest (read 2026-11)
 */
export function createManifest(): Package {
  const members = [
    ...readMembers('plex-sign-in.ts', className),
    ...readMembers('reflected-attributes.ts', 'ReflectedAttributes'),
  ].filter(({ name }) => !callbacks.test(name));
  const declaration: CustomElementDeclaration = {
    kind: 'class',
    customElement: true,
    name: className,
    tagName,
    description: readDescription('plex-sign-in.ts', className),
    superclass: { name: 'HTMLElement' },
    attributes: readMembers('jsx/attributes.ts', 'PlexSignInAttributes').map((attribute) =>
      toAttribute(attribute, members),
    ),
    members: members.map(toMember),
    events: readEvents(),
    slots: slots.map((name) => ({ name, ...describe(slotDescriptions[name]) })),
    cssParts: parts.map((name) => ({ name, ...describe(partDescriptions[name]) })),
    cssProperties: [...customProperties].map(([name, value]) => ({
      name,
      default: value,
      ...describe(propertyDescriptions[name]),
    })),
  };
  const ownModule = 'dist/element-class.js';
  const reference = { name: className, module: ownModule };
  return {
    schemaVersion: '2.1.0',
    modules: [
      {
        kind: 'javascript-module',
        path: ownModule,
        declarations: [declaration],
        exports: [{ kind: 'js', name: className, declaration: reference }],
      },
      {
        kind: 'javascript-module',
        path: 'dist/element-define.js',
        exports: [
          { kind: 'js', name: className, declaration: reference },
          { kind: 'custom-element-definition', name: tagName, declaration: reference },
        ],
      },
    ],
  };
}

const describe = (description: string | undefined) => (description ? { description } : {});

/** Which attribute a property reflects, by the property's source. */
const attributeOf = ({ source }: DocumentedMember) => /getAttribute\('([\w-]+)'\)/.exec(source)?.[1];

function toAttribute({ name, type, description }: DocumentedMember, members: DocumentedMember[]): Attribute {
  const field = members.find((member) => attributeOf(member) === name);
  const [, value] = /Default: `([^`]+)`/.exec(description) ?? [];
  return {
    name,
    type: { text: type },
    description,
    ...(value && { default: value }),
    ...(field && { fieldName: field.name }),
  };
}

function toMember(member: DocumentedMember): ClassMember | CustomElementField {
  const { name, kind, type, description } = member;
  if (kind === 'method') return { kind, name, description, return: { type: { text: type } } };
  const attribute = attributeOf(member);
  const field: CustomElementField = { kind, name, type: { text: type }, description };
  return attribute ? { ...field, attribute, reflects: true } : field;
}

/** With `backend-url`, an event may carry something else: then its type is either. */
function readEvents(): Event[] {
  const others = readMembers('plex-sign-in-events.ts', 'BackendSignInEventMap');
  return readMembers('plex-sign-in-events.ts', 'PlexSignInEventMap').map(({ name, type, description }) => {
    const other = others.find((event) => event.name === name);
    const text = other ? `${type} | ${other.type}` : type;
    return {
      name,
      type: { text },
      description: other ? `${description} With \`backend-url\`: ${other.description}` : description,
    };
  });
}
