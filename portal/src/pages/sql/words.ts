// What a statement names, as far as a page has to know it: whole words of its text.
const PLACE = /^statement:(\d+)(?::(\d+))?: /;

/** Return whether a text names something as a word of its own, whatever its case. */
export function names(text: string, name: string): boolean {
  const word = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(^|[^\\p{L}\\p{N}_])${word}($|[^\\p{L}\\p{N}_])`, "iu").test(text);
}

/** Return whether a text may name all columns at once. */
export function namesAll(text: string): boolean {
  return text.includes("*") || /^\s*from\b/i.test(text);
}

/** Split the server's words about a statement into where it is and what is wrong there. */
export function placed(detail: string): { line: number; column: number; message: string } | null {
  const found = PLACE.exec(detail);
  if (!found) return null;
  return {
    line: Number(found[1]),
    column: Number(found[2] ?? 1),
    message: detail.slice(found[0].length),
  };
}

/** Return the offset of a line and column, both from 1, of a text. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return Math.min(before + column - 1, text.length);
}
