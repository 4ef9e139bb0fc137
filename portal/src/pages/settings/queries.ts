import { queryOptions } from "@tanstack/react-query";
import { answer, api, type Shape } from "@/api/client";

/** What runs, where it stores, and every setting; for administrators. */
export const serverQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: () => answer(api.GET("/api/v1/settings")),
});

/** What the server finds when it examines itself: that takes a while, so it is not repeated by itself. */
export const findingsQuery = queryOptions({
  queryKey: ["findings"],
  staleTime: 5 * 60_000,
  queryFn: () => answer(api.GET("/api/v1/health/findings")),
});

export const channelsQuery = queryOptions({
  queryKey: ["channels"],
  queryFn: async () => (await answer(api.GET("/api/v1/channels"))).channels,
});

export const deliveriesQuery = (state?: Shape<"DeliveryState">) =>
  queryOptions({
    queryKey: ["deliveries", state ?? ""],
    queryFn: async () =>
      (await answer(api.GET("/api/v1/notifications", { params: { query: { state, limit: 100 } } })))
        .deliveries,
  });
