// `t("catalog.title")`: a text in the language of whoever reads.
import { FILES, type FileName, type TextKey, TRANSLATED } from "@/messages";
import shell from "@/messages/en/shell.json";

export const LANGUAGES = { en: "English", sw: "Kiswahili" } as const;
export type Language = keyof typeof LANGUAGES;
export type { TextKey };

type Values = Record<string, string | number>;

export const language: Language = chosenLanguage();
const texts = new Map<string, string>();
const plurals = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(language);
const loading = new Map<string, Promise<void>>();
add("shell", shell);

/** Return a text; `{name}` in it stands for a value, and `count` chooses between its forms. */
export function t(key: TextKey, values: Values = {}): string {
  return filled(template(key, values), values);
}

/** Return whether there is a text for a key that is made of what the server answers, like a state. */
export function hasText(key: string): key is TextKey {
  return texts.has(key);
}

/** Return a text with its places still open; for `<Text>`. */
export function template(key: TextKey, values: Values = {}): string {
  const form =
    typeof values.count === "number" ? texts.get(`${key}_${plurals.select(values.count)}`) : undefined;
  return form ?? texts.get(`${key}_other`) ?? texts.get(key) ?? key;
}

/** Load the files of texts that a page needs, before it is drawn. */
export function loadTexts(names: readonly FileName[]): Promise<unknown> {
  return Promise.all(
    names.map((name) => {
      const known = loading.get(name);
      if (known) return known;
      const begun = loadFile(name);
      loading.set(name, begun);
      // What did not come through is fetched anew by whoever tries again.
      begun.catch(() => loading.delete(name));
      return begun;
    }),
  );
}

/** Load the texts of the frame around the pages. */
export async function loadShellTexts(): Promise<void> {
  const translated = await TRANSLATED[`./${language}/shell.json`]?.();
  if (translated) add("shell", translated.default);
}

/** Choose the language; everything is drawn anew. */
export function chooseLanguage(chosen: Language): void {
  localStorage.setItem("language", chosen);
  location.reload();
}

async function loadFile(name: FileName): Promise<void> {
  const [english, translated] = await Promise.all([
    FILES[name](),
    TRANSLATED[`./${language}/${name}.json`]?.(),
  ]);
  add(name, english.default);
  if (translated) add(name, translated.default);
}

function add(name: string, file: Record<string, string>): void {
  for (const [key, text] of Object.entries(file)) texts.set(`${name}.${key}`, text);
}

function filled(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name];
    return value === undefined ? place : typeof value === "number" ? numbers.format(value) : value;
  });
}

function chosenLanguage(): Language {
  const wanted = [globalThis.localStorage?.getItem("language"), globalThis.navigator?.language];
  for (const one of wanted) {
    const known = one?.slice(0, 2);
    if (known && known in LANGUAGES) return known as Language;
  }
  return "en";
}
