// Every text of the portal, one file a page and language; a page's texts come with the page.
import type shell from "./en/shell.json";

/** The files of texts in English, the first language: one line a page. Their names are the first part of a key. */
export const FILES = {
  catalog: () => import("./en/catalog.json"),
  dataset: () => import("./en/dataset.json"),
  product: () => import("./en/product.json"),
  quality: () => import("./en/quality.json"),
  signIn: () => import("./en/signIn.json"),
} as const;

/** The files of further languages; where one is missing, or a text in it, English is shown. */
export const TRANSLATED = import.meta.glob<{ default: Record<string, string> }>("./sw/*.json");

export type FileName = keyof typeof FILES;
type Texts = { shell: typeof shell } & {
  [Name in FileName]: Awaited<ReturnType<(typeof FILES)[Name]>>["default"];
};
/** `found_one` and `found_other` are two forms of the one text `found`. */
type Form<Key> = Key extends `${infer Text}_one` | `${infer Text}_other` ? Text : Key;
/** The key of a text: `catalog.title` is `title` in `catalog.json`. */
export type TextKey = {
  [Name in keyof Texts]: `${Name}.${Form<keyof Texts[Name] & string>}`;
}[keyof Texts];
