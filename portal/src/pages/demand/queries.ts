import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Shape } from "@/api/client";
import { say } from "@/ui/toast";

export type Wish = Shape<"WishShape">;

/** Wishes, the most wanted first. */
export const wishesQuery = (narrowed: { state?: Shape<"WishState">; domain?: string } = {}) =>
  queryOptions({
    queryKey: ["wishes", "list", narrowed],
    queryFn: async () =>
      (await answer(api.GET("/api/v1/wishes", { params: { query: { ...narrowed, limit: 500 } } }))).wishes,
  });

/** One wish with what happened to it. */
export const wishQuery = (id: string) =>
  queryOptions({
    queryKey: ["wishes", "one", id],
    queryFn: () => answer(api.GET("/api/v1/wishes/{wish_id}", { params: { path: { wish_id: id } } })),
  });

/** What people looked for in vain, were denied, and think. */
export const missedQuery = queryOptions({
  queryKey: ["demand"],
  queryFn: () => answer(api.GET("/api/v1/demand", { params: { query: { limit: 200 } } })),
});

/** A change of a wish; afterwards every list and the wish itself are asked for again. */
export function useWishChange<Input>(
  change: (input: Input) => Promise<Wish>,
  said?: string,
  done?: () => void,
) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["wishes"] });
      if (said) void say(said);
      done?.();
    },
  });
}

/** Vote for a wish, or take the vote back. */
export function useVote(wish: Wish) {
  const params = { params: { path: { wish_id: wish.id } } };
  return useWishChange<void>(() =>
    answer(
      wish.is_voted
        ? api.DELETE("/api/v1/wishes/{wish_id}/votes", params)
        : api.PUT("/api/v1/wishes/{wish_id}/votes", params),
    ),
  );
}
