import { queryOptions, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { answer, api } from "@/api/client";
import type { OpenQuery } from "./open";

/** One's own queries and those that others share. */
export const savedQuery = queryOptions({
  queryKey: ["queries"],
  queryFn: async () => (await answer(api.GET("/api/v1/queries"))).queries,
});

/** What one asked lately. */
export const statementsQuery = queryOptions({
  queryKey: ["statements"],
  staleTime: 0,
  queryFn: async () =>
    (await answer(api.GET("/api/v1/me/statements", { params: { query: { limit: 100 } } }))).statements,
});

const oneQuery = (id: string) =>
  queryOptions({
    queryKey: ["queries", id],
    queryFn: () => answer(api.GET("/api/v1/queries/{query_id}", { params: { path: { query_id: id } } })),
  });

/** Open the saved query that the address names, and return what became of it. */
export function useSavedInAddress(id: string | undefined, add: (given: Partial<OpenQuery>) => void) {
  const found = useQuery({ ...oneQuery(id ?? ""), enabled: id !== undefined });
  const opened = useRef<string>(undefined);
  useEffect(() => {
    if (!found.data || !id || opened.current === id) return;
    opened.current = id;
    add({ sql: found.data.sql, saved: { id: found.data.id, name: found.data.name } });
  }, [found.data, id, add]);
  return found;
}
