import type { PlexSignInStrings } from './strings.ts';

/** The languages that come with the element, each loaded when it is shown. */
const languages = {
  ar: () => import('./languages/ar.ts'),
  de: () => import('./languages/de.ts'),
  en: () => import('./languages/en.ts'),
  es: () => import('./languages/es.ts'),
  fr: () => import('./languages/fr.ts'),
  he: () => import('./languages/he.ts'),
  it: () => import('./languages/it.ts'),
  ja: () => import('./languages/ja.ts'),
  nl: () => import('./languages/nl.ts'),
  pl: () => import('./languages/pl.ts'),
  pt: () => import('./languages/pt.ts'),
  zh: () => import('./languages/zh.ts'),
};

/** The tags of the languages that come with the element. */
export const languageTags: readonly string[] = Object.keys(languages);

/** Picks the language that comes with the element for a tag such as `de-AT`. Default: English. */
export function pickLanguage(tag: string): string {
  const [language = ''] = tag.toLowerCase().split(/[-_]/);
  return languageTags.includes(language) ? language : 'en';
}

/** Loads a language's texts. */
export async function loadLanguage(language: string): Promise<PlexSignInStrings> {
  return (await languages[language as keyof typeof languages]()).default;
}
