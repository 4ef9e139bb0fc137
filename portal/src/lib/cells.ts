// The values of an answer to a question, by Arrow's name of their column's type.
import { formatDay, formatNumber } from "@/lib/format";

export type Cell = string | number | boolean | null | Cell[] | { [name: string]: Cell };

const NUMBER = /^(u?int\d+|float|double|halffloat|decimal\d+.*)$/;

/** Return whether a type's values stand on the right, one below the other. */
export function isNumber(type: string): boolean {
  return NUMBER.test(type);
}

/** Return how many digits a decimal's values have after the point; undefined for other types. */
function digitsOf(type: string): number | undefined {
  const scale = /^decimal\d+\(\d+, ?(\d+)\)$/.exec(type)?.[1];
  return scale === undefined ? undefined : Number(scale);
}

/** Return a value as a grid shows it; null is the caller's to draw. */
export function cellText(value: Cell, type: string): string {
  if (value === null) return "";
  if (isNumber(type) && (typeof value === "number" || typeof value === "string")) {
    // Years and ids are no quantities, yet a separator does not make them wrong; NaN stays what it is.
    return Number.isNaN(Number(value)) ? String(value) : formatNumber(value, digitsOf(type));
  }
  if (type.startsWith("date") && typeof value === "string") return formatDay(`${value.slice(0, 10)}T00:00`);
  if (type.startsWith("timestamp") && typeof value === "string") return value.replace("T", " ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
