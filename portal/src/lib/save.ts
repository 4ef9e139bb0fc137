// Files that a page gives to the browser.

/** Let the browser keep a file. */
export function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name.replace(/[^\p{L}\p{N}._-]+/gu, "_");
  link.click();
  // The browser has begun by then; without this the file would stay in memory.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Return rows as CSV; no cell of it can be a formula of a spreadsheet. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}
