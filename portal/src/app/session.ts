import { useSuspenseQuery } from "@tanstack/react-query";
import { sessionQuery } from "@/api/queries";

export type Session = ReturnType<typeof useSession>;

/** Who is signed in; only for pages inside the frame, where somebody is. */
export function useSession() {
  return useSuspenseQuery(sessionQuery).data;
}
