import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, api, type Shape } from "@/api/client";
import type { paths } from "@/api/schema";
import { type Said, textsOf } from "@/lib/address";
import type { FacetName, SEARCH } from "./search";

type Asked = NonNullable<paths["/api/v1/catalog"]["get"]["parameters"]["query"]>;
const PAGE = 20;

/** Return what is asked of the catalog, as an address says it. */
export function askedOf(said: Said<typeof SEARCH>, isTyping: boolean): Asked {
  const { q, sort } = said;
  const several = (name: FacetName) => textsOf(said[name]);
  const personal = several("personal");
  return {
    q,
    sort,
    is_typing: q ? isTyping : undefined,
    domain: several("domain"),
    owner: several("owner"),
    tag: several("tag"),
    status: several("status"),
    trust: several("trust") as Shape<"Trust">[] | undefined,
    access: several("access") as Shape<"Opening">[] | undefined,
    released: several("released") as Shape<"Freshness">[] | undefined,
    // Both is all.
    personal: personal?.length === 1 ? personal[0] === "yes" : undefined,
  };
}

/** Products that fit what is asked, with how many there are of each kind. */
export const catalogQuery = (asked: Asked) =>
  infiniteQueryOptions({
    queryKey: ["catalog", asked],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      answer(api.GET("/api/v1/catalog", { params: { query: { ...asked, cursor, limit: PAGE } }, signal })),
    getNextPageParam: (page) => page.cursor ?? undefined,
    placeholderData: keepPreviousData,
  });

/** How many products each domain has, of all or of those that broke their contract. */
export const domainsQuery = (trust?: Shape<"Trust">) =>
  queryOptions({
    queryKey: ["catalog", "domains", trust ?? "all"],
    queryFn: async () => {
      const query = { limit: 1, trust: trust && [trust] };
      return (await answer(api.GET("/api/v1/catalog", { params: { query } }))).facets.domain ?? [];
    },
  });
