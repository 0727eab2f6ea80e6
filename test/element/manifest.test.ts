/** The manifest of <plex-sign-in>, held to the element itself: what is in one is in the other. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { Ajv } from 'ajv';
import type { CustomElementDeclaration } from 'custom-elements-manifest';
import { Window } from 'happy-dom';
import { describe, expect, it } from 'vitest';
import { PlexSignIn } from '../../src/element/class.ts';
import { dispatchView } from '../../src/element/plex-sign-in-events.ts';
import { ReflectedAttributes } from '../../src/element/reflected-attributes.ts';
import { badge, toCard, toHTML } from '../../src/element/structure.ts';
import { type PlexAuthView, statuses } from '../../src/view.ts';
import { createManifest } from '../../tools/manifest/create-manifest.ts';

const manifest = createManifest();
const declaration = manifest.modules[0]?.declarations?.[0] as CustomElementDeclaration;
const namesOf = (items: readonly { name: string }[] = []) => items.map(({ name }) => name).sort();
const inOrder = (names: Iterable<string>) => [...new Set(names)].sort();
const texts = readdirSync('src/element').filter((file) => file.endsWith('.ts'));

/** The element's styles, by evaluating each file that holds some. */
async function readStyles(): Promise<string> {
  const files = texts.filter((file) => /styles\.ts$/.test(file));
  const modules = await Promise.all(
    files.map((file) => import(resolve('src/element', file)) as Promise<Record<string, unknown>>),
  );
  return modules
    .flatMap((module) => Object.values(module).filter((value) => typeof value === 'string'))
    .join('\n');
}

describe('custom-elements.json', () => {
  it('keeps to the schema', () => {
    const schema: unknown = createRequire(import.meta.url)('custom-elements-manifest/schema.json');
    const validate = new Ajv({ allErrors: true, strict: false }).compile(schema as object);
    validate(JSON.parse(JSON.stringify(manifest)));
    expect(validate.errors).toBeNull();
  });

  it('has every attribute that the element observes', () => {
    expect(namesOf(declaration.attributes)).toEqual(inOrder([...PlexSignIn.observedAttributes, 'autofocus']));
  });

  it('has every property, and which attribute it reflects', () => {
    const accessors = [PlexSignIn, ReflectedAttributes]
      .flatMap(({ prototype }) => Object.entries(Object.getOwnPropertyDescriptors(prototype)))
      .filter(([, { get }]) => get)
      .map(([name]) => name);
    const fields = (declaration.members ?? []).filter(({ kind }) => kind === 'field');
    expect(namesOf(fields)).toEqual(inOrder(accessors));
    const reflected = fields.flatMap((field) =>
      'attribute' in field ? [`${field.name} ${String(field.attribute)}`] : [],
    );
    expect(reflected.sort()).toEqual([
      'backendURL backend-url',
      'headingLevel heading-level',
      'look look',
      'mode mode',
      'product product',
    ]);
  });

  it('has every event that is sent, and what it carries', () => {
    const { document } = new Window();
    const element = document.createElement('div') as unknown as Element;
    const sent: string[] = [];
    element.dispatchEvent = ({ type }) => sent.push(type) > 0;
    for (const status of statuses) dispatchView(element, { status } as PlexAuthView);
    expect(namesOf(declaration.events)).toEqual(inOrder(sent));
    for (const { type } of declaration.events ?? []) expect(type.text).toMatch(/^CustomEvent<\{/);
  });

  it('has every part and every slot', () => {
    const html = toHTML(toCard(badge));
    const code = texts.map((file) => readFileSync(`src/element/${file}`, 'utf8')).join('\n');
    const parts = Array.from(
      `${html}\n${code}`.matchAll(/\bpart=["']?([\w-]+(?: [\w-]+)*)/g),
      ([, names = '']) => names.split(' '),
    ).flat();
    expect(namesOf(declaration.cssParts)).toEqual(inOrder(parts));
    const slots = Array.from(html.matchAll(/<slot(?: name="([\w-]+)")?/g), ([, name = '']) => name);
    expect(namesOf(declaration.slots)).toEqual(inOrder(slots));
  });

  it('has every custom property of the styles', async () => {
    const names = (await readStyles()).match(/--plex-sign-in-[\w-]+/g) ?? [];
    expect(names.length).toBeGreaterThan(10);
    expect(namesOf(declaration.cssProperties)).toEqual(inOrder(names));
    for (const { default: value } of declaration.cssProperties ?? []) expect(value).toBeTruthy();
  });

  it('describes all of them', () => {
    const { attributes, members, events, slots, cssParts, cssProperties } = declaration;
    const all = [attributes, members, events, slots, cssParts, cssProperties].flatMap((items) => [
      ...(items ?? []),
    ]);
    expect(namesOf(all.filter(({ description }) => !description))).toEqual([]);
  });
});
