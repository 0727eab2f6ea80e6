import { make } from './dom.ts';

/** The window of a document, with the constructors of its realm. */
export type Realm = Window & typeof globalThis;

/** Copies a text to the clipboard, and says whether that worked. */
export async function copyText(document: Document, text: string): Promise<boolean> {
  try {
    await (document.defaultView as Realm).navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(document, text);
  }
}

/** Works in frames that may not use the clipboard, and without https. */
function copyBySelection(document: Document, text: string): boolean {
  const area = make(document, 'textarea', { 'aria-hidden': 'true', class: 'heard', readonly: '' });
  const focused = document.activeElement;
  area.value = text;
  document.body.append(area);
  area.select();
  let isCopied = false;
  try {
    isCopied = document.execCommand('copy');
  } catch {}
  area.remove();
  (focused as HTMLElement | null)?.focus?.();
  return isCopied;
}

/**
 * Downloads a text as a file.
 *
 * @returns Frees the memory that the download needed.
 */
export function saveFile(document: Document, name: string, type: string, text: string): () => void {
  const { Blob, URL } = document.defaultView as Realm;
  const href = URL.createObjectURL(new Blob([text], { type }));
  const link = make(document, 'a', { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  return () => URL.revokeObjectURL(href);
}
