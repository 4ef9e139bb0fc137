// Which rows: what the form for it edits, what the server takes, and how people read it.
import { t } from "@/i18n/texts";
import { isNumber } from "@/lib/cells";

/** A row predicate as the API has it. */
export type Predicate = { [part: string]: unknown };

export const SIGNS = ["=", "!=", ">=", "<=", ">", "<", "in", "null", "known"] as const;
export type Sign = (typeof SIGNS)[number];

/** One line of the form. */
export interface Condition {
  column: string;
  sign: Sign;
  value: string;
}
/** The whole form: conditions that all have to hold, or one of them. */
export interface Rows {
  joined: "all" | "any";
  conditions: readonly Condition[];
}

export const ALL_ROWS: Rows = { joined: "all", conditions: [] };

/** Return the signs that make sense for a type. */
export function signsOf(type: string): readonly Sign[] {
  const isOrdered = isNumber(type) || /^(date|time|bigint|integer|decimal|double|real|timestamp)/.test(type);
  return isOrdered ? SIGNS : ["=", "!=", "in", "null", "known"];
}

export const takesValue = (sign: Sign) => sign !== "null" && sign !== "known";

/** Return the predicate of a form; null for all rows, undefined while a line is not at its end. */
export function predicateOf({ joined, conditions }: Rows): Predicate | null | undefined {
  if (conditions.length === 0) return null;
  const parts = conditions.map(partOf);
  if (parts.some((part) => part === undefined)) return undefined;
  return parts.length === 1 ? parts[0] : { [joined]: parts };
}

function partOf({ column, sign, value }: Condition): Predicate | undefined {
  if (!column) return undefined;
  if (sign === "null") return { column, is: "null" };
  if (sign === "known") return { not: { column, is: "null" } };
  const text = value.trim();
  if (!text) return undefined;
  if (sign !== "in") return { column, is: sign, value: text };
  const values = text.split(",").map((one) => one.trim());
  return values.some((one) => !one) ? undefined : { column, in: values };
}

/** Return the form of a predicate; undefined if a form cannot show it. */
export function rowsOf(predicate: Predicate | null | undefined): Rows | undefined {
  if (!predicate) return ALL_ROWS;
  for (const joined of ["all", "any"] as const) {
    const parts = predicate[joined];
    if (Array.isArray(parts)) {
      const conditions = parts.map(conditionOf);
      return conditions.every((one) => one !== undefined) ? { joined, conditions } : undefined;
    }
  }
  const only = conditionOf(predicate);
  return only ? { joined: "all", conditions: [only] } : undefined;
}

function conditionOf(part: Predicate): Condition | undefined {
  const column = String(part["column"] ?? "");
  if (Array.isArray(part["in"])) return { column, sign: "in", value: part["in"].join(", ") };
  if (part["is"] === "null") return { column, sign: "null", value: "" };
  const sign = SIGNS.find((one) => one === part["is"]);
  if (sign) return { column, sign, value: String(part["value"] ?? "") };
  const inner = part["not"] as Predicate | undefined;
  if (inner?.["is"] === "null") return { column: String(inner["column"]), sign: "known", value: "" };
  return undefined;
}

/** Return a predicate in words: "country is one of KE, TZ and paid is known". */
export function inWords(predicate: Predicate | null | undefined): string {
  if (!predicate) return t("access.allRows");
  for (const joined of ["all", "any"] as const) {
    const parts = predicate[joined];
    if (Array.isArray(parts)) {
      const words = parts.map((part) => (isJoined(part) ? `(${inWords(part)})` : inWords(part)));
      return words.join(joined === "all" ? t("access.and") : t("access.or"));
    }
  }
  const condition = conditionOf(predicate);
  if (condition) {
    const { column, sign, value } = condition;
    return t(`access.sign.${sign}`, { column, value });
  }
  return t("access.not", { words: `(${inWords(predicate["not"] as Predicate)})` });
}

const isJoined = (part: Predicate) => "all" in part || "any" in part;
