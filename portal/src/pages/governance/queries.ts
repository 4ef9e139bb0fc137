import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { paths } from "@/api/schema";

type Asked<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Query } } }
  ? NonNullable<Query>
  : never;

/** The policies that are in force, for those who may know how others read. */
export const policiesQuery = queryOptions({
  queryKey: ["policies"],
  queryFn: () => answer(api.GET("/api/v1/policies")),
});

/** Why somebody reads a dataset, or a column of it, as they do. */
export const whyQuery = (query: Asked<"/api/v1/policies/why">) =>
  queryOptions({
    queryKey: ["policies", "why", query],
    queryFn: () => answer(api.GET("/api/v1/policies/why", { params: { query } })),
  });

/** Who reads a dataset, or sees a column of it. */
export const whoQuery = (query: Asked<"/api/v1/policies/who">) =>
  queryOptions({
    queryKey: ["policies", "who", query],
    queryFn: async () => (await answer(api.GET("/api/v1/policies/who", { params: { query } }))).readers,
  });

/** Agreements, a page at a time. */
export const agreementsQuery = (query: Asked<"/api/v1/agreements">) =>
  infiniteQueryOptions({
    queryKey: ["agreements", "listed", query],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answer(api.GET("/api/v1/agreements", { params: { query: { ...query, after: pageParam } } })),
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const personalDataQuery = (query: Asked<"/api/v1/personal-data">) =>
  queryOptions({
    queryKey: ["personal-data", query],
    queryFn: async () => (await answer(api.GET("/api/v1/personal-data", { params: { query } }))).columns,
  });

export const declarationsQuery = queryOptions({
  queryKey: ["declarations"],
  queryFn: async () => (await answer(api.GET("/api/v1/declarations"))).declarations,
});

/** What was recorded, a page at a time. Looking is recorded too, so it is not repeated by itself. */
export const auditQuery = (query: Asked<"/api/v1/audit">) =>
  infiniteQueryOptions({
    queryKey: ["audit", query],
    staleTime: 5 * 60_000,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answer(api.GET("/api/v1/audit", { params: { query: { ...query, after: pageParam } } })),
    getNextPageParam: (page) => page.next ?? undefined,
  });

/** Whether the record still is what was recorded. */
export const verificationQuery = queryOptions({
  queryKey: ["audit-verification"],
  staleTime: 5 * 60_000,
  queryFn: () => answer(api.GET("/api/v1/audit/verification")),
});
