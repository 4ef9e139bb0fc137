import { queryOptions } from "@tanstack/react-query";
import { answer, api, once, type Shape } from "@/api/client";

const MOST_RUNS = 100;
const LOOK_MS = 2000;

export const runsQuery = (product?: string) =>
  queryOptions({
    queryKey: ["runs", "list", product ?? ""],
    queryFn: async () =>
      (await answer(api.GET("/api/v1/runs", { params: { query: { product, limit: MOST_RUNS } } }))).runs,
    // How far a run is nobody is told; that one began or ended they are.
    refetchInterval: ({ state }) => (state.data?.some(isGoing) ? LOOK_MS : false),
  });

export const runQuery = (run: string) =>
  queryOptions({
    queryKey: ["runs", "one", run],
    queryFn: () => answer(api.GET("/api/v1/runs/{run}", { params: { path: { run } } })),
    refetchInterval: ({ state }) => (state.data && isGoing(state.data) ? LOOK_MS : false),
  });

export const logQuery = (run: string) =>
  queryOptions({
    queryKey: ["runs", "log", run],
    queryFn: () => answer(api.GET("/api/v1/runs/{run}/log", { params: { path: { run } } })),
    refetchInterval: ({ state }) => (state.data?.state === "running" ? LOOK_MS : false),
  });

/** What of a product is not as it was promised, the newest first. */
export const incidentsQuery = (product: string) =>
  queryOptions({
    queryKey: ["runs", "incidents", product],
    queryFn: async () =>
      (await answer(api.GET("/api/v1/incidents", { params: { query: { product, state: "open" } } })))
        .incidents,
  });

/** Run a product as it is defined now. */
export const startRun = (product: string) =>
  answer(api.POST("/api/v1/runs", { body: { product, environment: "prod" }, headers: once() }));

export function isGoing(run: Pick<Shape<"RunEntry">, "state">): boolean {
  return run.state === "running";
}

/** Return how long a run took, or takes until now, in seconds. */
export function secondsOf(
  run: Pick<Shape<"RunEntry">, "started_at" | "finished_at">,
  now = new Date(),
): number {
  const end = run.finished_at ? new Date(run.finished_at) : now;
  return Math.max(0, (end.getTime() - new Date(run.started_at).getTime()) / 1000);
}
