import { useMutation, useQueryClient } from "@tanstack/react-query";
import { PEOPLE_KEYS } from "./queries";

/** Change something about people; afterwards everything about them is asked for anew. */
export function useChange<Given extends unknown[], Answer>(make: (...given: Given) => Promise<Answer>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (given: Given) => make(...given),
    onSuccess: () =>
      Promise.all(PEOPLE_KEYS.map((first) => queryClient.invalidateQueries({ queryKey: [first] }))),
  });
}
