import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, api, once, type Shape } from "@/api/client";

export const PAGE_ROWS = 50;
export type Row = Shape<"KeptOutRow">;
export type Place = { domain: string; dataset: string };

interface Narrowed {
  state?: string;
  reason?: string;
  file?: string;
  run?: string;
  after?: number;
}

// A run that ends may have taken rows, or kept others out: this is old when runs are.
export const keptOutQuery = (path: Place, narrowed: Narrowed) =>
  queryOptions({
    queryKey: ["runs", "kept-out", path.domain, path.dataset, narrowed],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answer(
        api.GET("/api/v1/quarantine/{domain}/{dataset}", {
          params: { path, query: { ...narrowed, limit: PAGE_ROWS } },
        }),
      ),
  });

export const fixRow = (
  path: Place,
  row: string,
  edit: { raw?: string; values?: Record<string, string | null> },
) =>
  answer(
    api.POST("/api/v1/quarantine/{domain}/{dataset}/fixes", {
      params: { path },
      body: { row, environment: "prod", ...edit },
    }),
  );

export const discardRows = (path: Place, rows: string[], reason: string) =>
  answer(
    api.POST("/api/v1/quarantine/{domain}/{dataset}/discards", {
      params: { path },
      body: { rows, reason, environment: "prod" },
    }),
  );

export const releaseRows = (path: Place) =>
  answer(
    api.POST("/api/v1/quarantine/{domain}/{dataset}/releases", {
      params: { path },
      body: { environment: "prod" },
      headers: once(),
    }),
  );
