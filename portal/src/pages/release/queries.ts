import { queryOptions } from "@tanstack/react-query";
import { answer, api, once } from "@/api/client";
import { split } from "@/lib/address";

export const releaseQuery = (domain: string, product: string, number: number) =>
  queryOptions({
    queryKey: ["releases", domain, product, number],
    queryFn: () =>
      answer(
        api.GET("/api/v1/releases/{domain}/{product}/{number}", {
          params: { path: { domain, product, number } },
        }),
      ),
  });

/** What is different in a release of a dataset from another one. */
export const differenceQuery = (name: string, from: number, to: number) =>
  queryOptions({
    queryKey: ["releases", "difference", name, from, to],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => {
      const { domain, rest } = split(name);
      return answer(
        api.GET("/api/v1/datasets/{domain}/{dataset}/diff", {
          params: { path: { domain, dataset: rest }, query: { from, to } },
          signal,
        }),
      );
    },
  });

/** Make a new release with the content of an earlier one. */
export function rollBack(name: string, to: number, reason: string) {
  const { domain, rest } = split(name);
  return answer(
    api.POST("/api/v1/products/{domain}/{product}/rollback", {
      params: { path: { domain, product: rest } },
      body: { to, reason, environment: "prod" },
      headers: once(),
    }),
  );
}
