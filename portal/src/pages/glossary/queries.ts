import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";

export const termsQuery = queryOptions({
  queryKey: ["glossary"],
  queryFn: async () => (await answer(api.GET("/api/v1/glossary"))).terms,
});

/** One term with an example, which is a read of data: it is not asked for again while one looks around. */
export const termQuery = (term: string) =>
  queryOptions({
    queryKey: ["glossary", term],
    staleTime: 10 * 60_000,
    queryFn: () => answer(api.GET("/api/v1/glossary/{term}", { params: { path: { term } } })),
  });
