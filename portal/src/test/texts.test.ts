// Every text is in the files of texts, every text that is there is used, and its places are filled.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const SOURCE = join(import.meta.dirname, "..");
const LETTERS = /\p{L}{2}/u;
/** Attributes that people read or hear. */
const READ = new Set(["alt", "aria-label", "aria-description", "label", "placeholder", "title", "heading"]);

type File = Record<string, string>;
const read = (language: string): Map<string, File> =>
  new Map(
    readdirSync(join(SOURCE, "messages", language)).map((name) => [
      name.replace(".json", ""),
      JSON.parse(readFileSync(join(SOURCE, "messages", language, name), "utf8")),
    ]),
  );
const english = read("en");
const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "").sort();

interface Use {
  key: string;
  /** The names of the values, if they are written there. */
  values: string[] | null;
  where: string;
}

const keys: Use[] = [];
const beginnings: string[] = [];
const literals: string[] = [];

for (const path of sources(SOURCE)) look(path);

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.tsx?$/.test(entry.name) && !/\.(test|d)\.tsx?$/.test(entry.name)) yield path;
  }
}

function look(path: string): void {
  const tree = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  const where = (node: ts.Node) =>
    `${path.slice(SOURCE.length + 1)}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
  const visit = (node: ts.Node): void => {
    if (
      ts.isStringLiteralLike(node) &&
      /^[a-zA-Z]+\.[\w.]+$/.test(node.text) &&
      english.has(node.text.split(".")[0] ?? "")
    ) {
      keys.push({ key: node.text, values: valuesOf(node), where: where(node) });
    }
    if (ts.isTemplateExpression(node) && english.has(node.head.text.split(".")[0] ?? "")) {
      beginnings.push(node.head.text);
    }
    if (ts.isJsxText(node) && LETTERS.test(node.text)) literals.push(`${where(node)}: ${node.text.trim()}`);
    if (ts.isJsxAttribute(node) && READ.has(node.name.getText()) && node.initializer) {
      const value = node.initializer;
      if (ts.isStringLiteral(value) && LETTERS.test(value.text))
        literals.push(`${where(node)}: ${value.text}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
}

/** The names that a call `t("key", { … })` gives values for. */
function valuesOf(node: ts.Node): string[] | null {
  const call = node.parent;
  if (!ts.isCallExpression(call) || call.expression.getText() !== "t" || call.arguments[0] !== node)
    return null;
  const given = call.arguments[1];
  if (!given) return [];
  if (!ts.isObjectLiteralExpression(given)) return null;
  return given.properties.map((one) => one.name?.getText() ?? "…").sort();
}

const forms = (name: string, key: string) =>
  Object.keys(english.get(name) ?? {}).filter(
    (one) => one.replace(/_(zero|one|two|few|many|other)$/, "") === key,
  );

describe("texts", () => {
  it("stand in their files, not in the code", () => {
    expect(literals).toEqual([]);
  });

  it("are there for every key that the code names, with the values that they need", () => {
    const wrong = keys.flatMap(({ key, values, where }) => {
      const [name = "", ...rest] = key.split(".");
      const found = forms(name, rest.join("."));
      if (found.length === 0) return [`${where}: ${key} is missing`];
      const needed = [...new Set(found.flatMap((form) => places(english.get(name)?.[form] ?? "")))].sort();
      const isFilled = values === null || needed.every((place) => values.includes(place));
      return isFilled ? [] : [`${where}: ${key} needs ${needed.join(", ")}`];
    });
    expect(wrong).toEqual([]);
  });

  it("are all used", () => {
    const used = new Set(keys.map((use) => use.key));
    const idle = [...english].flatMap(([name, file]) =>
      Object.keys(file)
        .map((key) => `${name}.${key.replace(/_(one|other)$/, "")}`)
        .filter((key) => !used.has(key) && !beginnings.some((begin) => key.startsWith(begin))),
    );
    expect(idle).toEqual([]);
  });

  it("have the same keys and places in every language", () => {
    const wrong = readdirSync(join(SOURCE, "messages"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== "en")
      .flatMap(({ name: language }) =>
        [...read(language)].flatMap(([name, file]) => {
          const original = english.get(name) ?? {};
          const all = new Set([...Object.keys(file), ...Object.keys(original)]);
          return [...all]
            .filter(
              (key) =>
                places(file[key] ?? "?").join() !== places(original[key] ?? "?").join() ||
                !file[key] ||
                !original[key],
            )
            .map((key) => `${language}/${name}.json: ${key}`);
        }),
      );
    expect(wrong).toEqual([]);
  });
});
