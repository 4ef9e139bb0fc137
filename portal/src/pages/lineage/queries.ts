import {
  keepPreviousData,
  queryOptions,
  type UseQueryResult,
  useQueries,
  useQuery,
} from "@tanstack/react-query";
import { useMemo } from "react";
import { answer, api, type Shape } from "@/api/client";
import { split } from "@/lib/address";
import { statusQuery as datasetStatusQuery } from "@/pages/quality/queries";
import { type Facts, merged } from "./graph-data";

export type Way = "up" | "down";
/** As far as there is anything. */
const ALL_LEVELS = 1000;

/** What a dataset comes from, or what comes from it: so many levels of it. */
const lineageQuery = (name: string, direction: Way, depth: number) =>
  queryOptions({
    queryKey: ["lineage", name, direction, depth],
    staleTime: 5 * 60_000,
    queryFn: () => {
      const { domain, rest: dataset } = split(name);
      const path = { domain, dataset };
      const query = { direction, depth, counts: true, environment: "prod" };
      return answer(api.GET("/api/v1/lineage/{domain}/{dataset}", { params: { path, query } }));
    },
  });

const columnQuery = (name: string, column: string, direction: Way) =>
  queryOptions({
    queryKey: ["lineage", name, column, direction],
    staleTime: 5 * 60_000,
    placeholderData: keepPreviousData,
    queryFn: () => {
      const { domain, rest: dataset } = split(name);
      const path = { domain, dataset, column };
      const query = { direction, depth: ALL_LEVELS, counts: false, environment: "prod" };
      return answer(api.GET("/api/v1/lineage/{domain}/{dataset}/{column}", { params: { path, query } }));
    },
  });

export const impactQuery = (name: string) => lineageQuery(name, "down", ALL_LEVELS);

/** The lineage around a dataset: one level each way, and one more of each dataset that was opened; one request each. */
export function useLineage(name: string, up: readonly string[], down: readonly string[]) {
  const above = useQuery(lineageQuery(name, "up", 1));
  const below = useQuery(lineageQuery(name, "down", 1));
  const further = useQueries({
    queries: [
      ...up.map((one) => lineageQuery(one, "up", 1)),
      ...down.map((one) => lineageQuery(one, "down", 1)),
    ],
    combine: (results) => ({
      answers: results.flatMap(({ data }) => data ?? []),
      isFetching: results.some((one) => one.isFetching),
      failed: results.find((one) => one.isError),
    }),
  });
  const graph = useMemo(() => {
    if (!above.data || !below.data) return null;
    return merged([above.data, below.data, ...further.answers]);
  }, [above.data, below.data, further.answers]);
  return { query: above, below, further, graph };
}

/** All that one column comes from and goes to: null while it is not known, or no column is chosen; and what failed. */
export function usePath(
  name: string,
  column: string | undefined,
): { path: Facts | null; failed: UseQueryResult | undefined } {
  const options = { enabled: column !== undefined };
  const above = useQuery({ ...columnQuery(name, column ?? "", "up"), ...options });
  const below = useQuery({ ...columnQuery(name, column ?? "", "down"), ...options });
  const path = useMemo(
    () => (column && above.data && below.data ? merged([above.data, below.data]) : null),
    [column, above.data, below.data],
  );
  return { path, failed: [above, below].find((one) => one.isError) };
}

/** How each dataset stands, by its name: what other pages have as a list, under the same key. */
export const statusQuery = queryOptions({
  ...datasetStatusQuery,
  select: (list): ReadonlyMap<string, Shape<"DatasetStatus">> =>
    new Map(list.map((one) => [one.dataset, one])),
});
