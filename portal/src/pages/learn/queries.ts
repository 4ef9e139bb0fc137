import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Example } from "./tours";

/** A dataset that whoever looks may read, and a term that speaks of data: what tours and lessons show. */
export const exampleQuery = queryOptions({
  queryKey: ["learn", "example"],
  staleTime: 10 * 60_000,
  queryFn: async (): Promise<Example | null> => {
    const [catalog, glossary] = await Promise.all([
      answer(api.GET("/api/v1/catalog", { params: { query: { limit: 50 } } })),
      answer(api.GET("/api/v1/glossary")),
    ]);
    const all = catalog.products.flatMap((product) =>
      product.datasets.map((dataset) => ({ product: product.name, ...dataset })),
    );
    const readable = all.filter((one) => one.access === "open" || one.access === "agreed");
    // What has rows teaches more than what has none.
    const [first] = [...readable, ...all].sort((a, b) => Number(!a.rows) - Number(!b.rows));
    if (!first) return null;
    const terms = glossary.terms;
    const term = terms.find((one) => one.links.some((link) => link.dataset === first.name)) ?? terms[0];
    return { dataset: first.name, product: first.product, term: term?.name };
  },
});
