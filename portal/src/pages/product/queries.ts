// What the page of a product asks alone.
import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { split } from "@/lib/address";

export interface Named {
  domain: string;
  product: string;
}

/** What is to come of a product, and what its users have to prepare for. */
export const roadmapQuery = (path: Named) =>
  queryOptions({
    queryKey: ["roadmap", path.domain, path.product],
    queryFn: () => answer(api.GET("/api/v1/products/{domain}/{product}/roadmap", { params: { path } })),
  });

/** What a dataset is made from, or what is made from it: one step. */
export const neighboursQuery = (name: string, direction: "up" | "down") => {
  const { domain, rest: dataset } = split(name);
  return queryOptions({
    queryKey: ["lineage", domain, dataset, direction, 1],
    queryFn: () =>
      answer(
        api.GET("/api/v1/lineage/{domain}/{dataset}", {
          params: { path: { domain, dataset }, query: { direction, depth: 1 } },
        }),
      ),
  });
};
