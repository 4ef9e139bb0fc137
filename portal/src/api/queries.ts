// What several pages ask the server, each with its key. What one page asks alone stands in that page's folder.
import { queryOptions } from "@tanstack/react-query";
import { answer, api, keepProof, type Shape } from "@/api/client";
import type { paths } from "@/api/schema";

/** Who is signed in, what for, until when, in which roles. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async () => {
    const [session, who] = await Promise.all([
      answer(api.GET("/api/v1/session")),
      answer(api.GET("/api/v1/me")),
    ]);
    keepProof(session.csrf);
    return { ...who, until: session.until, name: who.id.replace(/^user:/, "") };
  },
});

export const purposesQuery = queryOptions({
  queryKey: ["purposes"],
  staleTime: 5 * 60_000,
  queryFn: async () => (await answer(api.GET("/api/v1/purposes"))).purposes,
});

export const rolesQuery = queryOptions({
  queryKey: ["roles"],
  queryFn: () => answer(api.GET("/api/v1/roles")),
});

/** What exists for whoever asks, by its words; `is_typing` while the words are not at their end. */
export const searchQuery = (query: NonNullable<paths["/api/v1/search"]["get"]["parameters"]["query"]>) =>
  queryOptions({
    queryKey: ["search", query],
    queryFn: ({ signal }) => answer(api.GET("/api/v1/search", { params: { query }, signal })),
  });

export const productsQuery = queryOptions({
  queryKey: ["products"],
  queryFn: async () => (await answer(api.GET("/api/v1/products"))).products,
});

export const productQuery = (domain: string, product: string) =>
  queryOptions({
    queryKey: ["products", domain, product],
    queryFn: () =>
      answer(api.GET("/api/v1/products/{domain}/{product}", { params: { path: { domain, product } } })),
  });

export const datasetsQuery = queryOptions({
  queryKey: ["datasets"],
  queryFn: async () => (await answer(api.GET("/api/v1/datasets"))).datasets,
});

export const datasetQuery = (domain: string, dataset: string) =>
  queryOptions({
    queryKey: ["datasets", domain, dataset],
    queryFn: () =>
      answer(api.GET("/api/v1/datasets/{domain}/{dataset}", { params: { path: { domain, dataset } } })),
  });

export const releasesQuery = (product?: string) =>
  queryOptions({
    queryKey: ["releases", product ?? ""],
    queryFn: async () =>
      (await answer(api.GET("/api/v1/releases", { params: { query: { product } } }))).releases,
  });

export const qualityQuery = queryOptions({
  queryKey: ["quality"],
  queryFn: async () => (await answer(api.GET("/api/v1/quality"))).reports,
});

/** One question, whose answer has few rows. */
export const sampleQuery = (sql: string, limit: number) =>
  queryOptions({
    queryKey: ["sample", sql, limit],
    staleTime: 5 * 60_000,
    queryFn: async () => {
      const body = { sql, environment: "prod", limit, page_rows: limit, is_noted: false };
      // The other forms of an answer are for whoever asks for them.
      return (await answer(api.POST("/api/v1/sql", { body }))) as Shape<"Page">;
    },
  });

/** How each rule of a dataset held in its last checks. */
export const ruleHistoryQuery = (domain: string, dataset: string) =>
  queryOptions({
    queryKey: ["quality", domain, dataset, "history"],
    queryFn: async () =>
      (
        await answer(
          api.GET("/api/v1/quality/{domain}/{dataset}/history", {
            params: { path: { domain, dataset }, query: {} },
          }),
        )
      ).rules,
  });

/** The service levels of a dataset that are measured, with their error budgets. */
export const levelsQuery = (domain: string, dataset: string) =>
  queryOptions({
    queryKey: ["levels", domain, dataset],
    queryFn: () =>
      answer(
        api.GET("/api/v1/datasets/{domain}/{dataset}/service-levels", {
          params: { path: { domain, dataset }, query: {} },
        }),
      ),
  });
