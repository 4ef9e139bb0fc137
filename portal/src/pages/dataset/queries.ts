// What the page of a dataset asks alone.
import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { sampleQuery } from "@/api/queries";

const SAMPLE_ROWS = 20;

export interface Named {
  domain: string;
  dataset: string;
}

/** Some rows as whoever looks may see them. */
export const rowsQuery = ({ domain, dataset }: Named) =>
  sampleQuery(`SELECT * FROM ${domain}.${dataset} LIMIT ${SAMPLE_ROWS}`, SAMPLE_ROWS);

/** What each column looks like in the current release; a look at values is recorded as a read. */
export const profileQuery = (path: Named) =>
  queryOptions({
    queryKey: ["profile", path],
    queryFn: () =>
      answer(api.GET("/api/v1/datasets/{domain}/{dataset}/profile", { params: { path, query: {} } })),
  });

/** How one column changed over the last releases. */
export const seriesQuery = (path: Named, column: string) =>
  queryOptions({
    queryKey: ["profile", path, column],
    queryFn: async () =>
      (
        await answer(
          api.GET("/api/v1/datasets/{domain}/{dataset}/profile/{column}", {
            params: { path: { ...path, column }, query: {} },
          }),
        )
      ).points,
  });

export const differencesQuery = (path: Named, from: number, to: number, rows: boolean) =>
  queryOptions({
    queryKey: ["differences", path, from, to, rows],
    // Two releases never change.
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () =>
      answer(
        api.GET("/api/v1/datasets/{domain}/{dataset}/diff", { params: { path, query: { from, to, rows } } }),
      ),
  });

export const tagsQuery = (path: Named) =>
  queryOptions({
    queryKey: ["tags", path],
    queryFn: async () =>
      (await answer(api.GET("/api/v1/datasets/{domain}/{dataset}/tags", { params: { path } }))).columns,
  });

export const declarationsQuery = (dataset: string) =>
  queryOptions({
    queryKey: ["declarations", dataset],
    queryFn: async () =>
      (await answer(api.GET("/api/v1/declarations", { params: { query: { dataset } } }))).declarations,
  });
