import { useSuspenseQuery } from "@tanstack/react-query";
import { sessionQuery } from "@/api/queries";

export type Session = ReturnType<typeof useSession>;

/** Who is signed in; only for pages inside the frame, where somebody is. */
export function useSession() {
  return useSuspenseQuery(sessionQuery).data;
}

/** Whether whoever is signed in answers for a domain or a team's product: what to offer; the server decides. */
export function useAnswersFor(domain: string, team = ""): boolean {
  const { domains, teams, roles } = useSession();
  return (
    domains.includes(domain) || teams.includes(`team:${team.toLowerCase()}`) || roles.includes("steward")
  );
}
