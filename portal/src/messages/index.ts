// Every text of the portal, one file a page and language; a page's texts come with the page.
import type shell from "./en/shell.json";

/** The files of texts in English, the first language: one line a page. Their names are the first part of a key. */
export const FILES = {
  access: () => import("./en/access.json"),
  catalog: () => import("./en/catalog.json"),
  dataset: () => import("./en/dataset.json"),
  demand: () => import("./en/demand.json"),
  glossary: () => import("./en/glossary.json"),
  governance: () => import("./en/governance.json"),
  home: () => import("./en/home.json"),
  lineage: () => import("./en/lineage.json"),
  notifications: () => import("./en/notifications.json"),
  people: () => import("./en/people.json"),
  learn: () => import("./en/learn.json"),
  product: () => import("./en/product.json"),
  quality: () => import("./en/quality.json"),
  quarantine: () => import("./en/quarantine.json"),
  release: () => import("./en/release.json"),
  run: () => import("./en/run.json"),
  runs: () => import("./en/runs.json"),
  settings: () => import("./en/settings.json"),
  signIn: () => import("./en/signIn.json"),
  sql: () => import("./en/sql.json"),
  tickets: () => import("./en/tickets.json"),
  usage: () => import("./en/usage.json"),
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
