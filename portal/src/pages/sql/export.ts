// The answer of a question as a file, in the form that somebody chooses: the server writes it, masks and all.
import { answer, api } from "@/api/client";
import { save } from "@/lib/save";
import { fetchRows } from "./queries";

export const FORMS = {
  csv: { type: "text/csv", suffix: "csv" },
  parquet: { type: "application/vnd.apache.parquet", suffix: "parquet" },
  json: { type: "application/json", suffix: "json" },
  arrow: { type: "application/vnd.apache.arrow.stream", suffix: "arrows" },
} as const;
export type Form = keyof typeof FORMS;
export const FORM_NAMES = Object.keys(FORMS) as Form[];
const PAGE_ROWS = 100_000;

/** Fetch an answer and give it to the browser as a file. */
export async function exportAnswer(question: string, form: Form, name: string): Promise<void> {
  const { type, suffix } = FORMS[form];
  save(form === "json" ? await asJson(question) : await whole(question, type), `${name}.${suffix}`);
}

async function whole(question: string, type: string): Promise<Blob> {
  const path = { question };
  const found: unknown = await answer(
    api.GET("/api/v1/questions/{question}/answer", {
      params: { path },
      headers: { Accept: type },
      parseAs: "blob",
    }),
  );
  return found as Blob;
}

/** JSON comes in pages: one object a row, in one list. */
async function asJson(question: string): Promise<Blob> {
  const parts: string[] = [];
  let start = 0;
  for (;;) {
    const page = await fetchRows(question, start, PAGE_ROWS);
    const names = page.columns.map((column) => column.name);
    for (const row of page.rows) {
      const pairs = names.map((name, place) => [name, row[place]]);
      parts.push(JSON.stringify(Object.fromEntries(pairs)));
    }
    start += page.row_count;
    if (!page.cursor || page.row_count === 0) break;
  }
  return new Blob(["[\n", parts.join(",\n"), "\n]\n"], { type: FORMS.json.type });
}
