import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";

/** Everything that concerns whoever is signed in, in one answer. */
export const homeQuery = queryOptions({
  queryKey: ["home"],
  queryFn: () => answer(api.GET("/api/v1/home")),
});
