import { queryOptions, useQueries, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { answer, api, type Shape } from "@/api/client";
import type { Cell } from "@/lib/cells";

/** So many rows are fetched at once. */
export const PAGE_ROWS = 500;
/** A chart shows no more points than this. */
export const CHART_ROWS = 2000;
const STILL_MS = 60;
/** How long to wait between looks at a question: most are answered at once. */
const LOOKS_MS = [60, 60, 120, 250, 500, 1000];
const OPEN = new Set(["waiting", "running"]);

export const isOpen = (question: Shape<"AskedQuestion"> | undefined) =>
  question !== undefined && OPEN.has(question.state);

/** How far a question is, looked at until it is answered. */
export const questionQuery = (id: string) =>
  queryOptions({
    queryKey: ["questions", id],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => answer(api.GET("/api/v1/questions/{question}", { params: { path: { question: id } } })),
    refetchInterval: ({ state }) =>
      isOpen(state.data) ? LOOKS_MS[Math.min(state.dataUpdateCount, LOOKS_MS.length) - 1] : false,
    refetchIntervalInBackground: true,
  });

/** Fetch some rows of the answer of a question, with its columns. */
export async function fetchRows(
  id: string,
  start: number,
  count: number,
  signal?: AbortSignal,
): Promise<Shape<"Page">> {
  const path = { question: id };
  const query = { start, page_rows: count };
  return pageOf(
    await answer(api.GET("/api/v1/questions/{question}/answer", { params: { path, query }, signal })),
  );
}

/** Return a page of an answer; the other forms, which are texts to the types, are never asked for here. */
function pageOf(found: Shape<"Page"> | string): Shape<"Page"> {
  if (typeof found === "string") throw new TypeError(found.slice(0, 80));
  return found;
}

/** Some rows of the answer of a question, with its columns. */
const rowsQuery = (id: string, start: number, count: number) =>
  queryOptions({
    queryKey: ["questions", id, "rows", start, count],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    queryFn: ({ signal }) => fetchRows(id, start, count, signal),
  });

export const chartQuery = (id: string) => rowsQuery(id, 0, CHART_ROWS);

/** The rows of an answer that are seen: only their pages are fetched, and those left behind are forgotten. */
export function useRows(id: string) {
  const [seen, setSeen] = useState<readonly [number, number]>([0, 0]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const onSeen = useCallback((first: number, last: number) => {
    clearTimeout(timer.current);
    // Whoever drags the bar passes many pages, and looks at none of them.
    timer.current = setTimeout(
      () => setSeen([Math.floor(first / PAGE_ROWS), Math.floor(Math.max(last, first) / PAGE_ROWS)]),
      STILL_MS,
    );
  }, []);
  const head = useQuery(rowsQuery(id, 0, PAGE_ROWS));
  const [first, last] = seen;
  const pages = useMemo(
    () => Array.from({ length: last - first + 1 }, (_, offset) => first + offset),
    [first, last],
  );
  const found = useQueries({ queries: pages.map((page) => rowsQuery(id, page * PAGE_ROWS, PAGE_ROWS)) });
  const row = (place: number): readonly Cell[] | undefined => {
    const page = Math.floor(place / PAGE_ROWS);
    const data = page === 0 ? head.data : found[page - first]?.data;
    return data?.rows[place % PAGE_ROWS] as Cell[] | undefined;
  };
  const failed = found.find((page) => page.isError);
  return { head, row, onSeen, failed };
}

const COLUMNS = "SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns";

export interface Readable {
  domain: string;
  name: string;
  columns: { name: string; type: string }[];
}

/** All that one may read: datasets with their columns, for completion and the tree. */
export const readableQuery = queryOptions({
  queryKey: ["readable"],
  staleTime: 60_000,
  queryFn: async () => {
    const found = new Map<string, Readable>();
    const body = { sql: COLUMNS, environment: "prod", page_rows: 100_000, is_noted: false };
    let page = pageOf(await answer(api.POST("/api/v1/sql", { body })));
    for (;;) {
      for (const [domain, dataset, column, type] of page.rows as [string, string, string, string][]) {
        const name = `${domain}.${dataset}`;
        const known = found.get(name) ?? { domain, name, columns: [] };
        known.columns.push({ name: column, type });
        found.set(name, known);
      }
      if (!page.cursor) break;
      const path = { cursor: page.cursor };
      page = pageOf(await answer(api.GET("/api/v1/sql/pages/{cursor}", { params: { path } })));
    }
    return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
  },
});

/** Why one sees a dataset as one does, column by column. */
export const whyQuery = (dataset: string) =>
  queryOptions({
    queryKey: ["why", dataset],
    staleTime: 60_000,
    queryFn: () => answer(api.GET("/api/v1/policies/why", { params: { query: { dataset } } })),
  });
