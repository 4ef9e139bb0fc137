// What the pages about quality ask the server.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";

/** How each dataset stands, the worst first, with its service levels. */
export const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: async () => (await answer(api.GET("/api/v1/status"))).datasets,
});

export const incidentsQuery = (state: "open" | undefined, product?: string) =>
  infiniteQueryOptions({
    queryKey: ["incidents", state ?? "all", product ?? ""],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: after }) =>
      answer(api.GET("/api/v1/incidents", { params: { query: { state, product, after } } })),
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const incidentQuery = (incident: string) =>
  queryOptions({
    queryKey: ["incidents", incident],
    queryFn: () => answer(api.GET("/api/v1/incidents/{incident}", { params: { path: { incident } } })),
  });
