import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Shape } from "@/api/client";
import { useSession } from "@/app/session";
import { split } from "@/lib/address";
import { say } from "@/ui/toast";

export type Ticket = Shape<"TicketFacts">;

/** Tickets that one opened, answers or watches over, newest first. */
export const ticketsQuery = (narrowed: { state?: Shape<"TicketState">; dataset?: string }) =>
  infiniteQueryOptions({
    queryKey: ["tickets", "list", narrowed],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answer(api.GET("/api/v1/tickets", { params: { query: { ...narrowed, after: pageParam } } })),
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const ticketQuery = (id: string) =>
  queryOptions({
    queryKey: ["tickets", "one", id],
    queryFn: () => answer(api.GET("/api/v1/tickets/{ticket_id}", { params: { path: { ticket_id: id } } })),
  });

/** A change of a ticket; afterwards it and every list are asked for again. */
export function useTicketChange<Input>(change: (input: Input) => Promise<Ticket>, said: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["tickets"] });
      void say(said);
    },
  });
}

/** What whoever looks may do with a ticket. */
export function useMay(ticket: Ticket) {
  const { id, domains, roles } = useSession();
  const isOwn = ticket.opened_by === id;
  const keeps = roles.includes("steward") || domains.includes(split(ticket.dataset).domain);
  const isOver = ticket.state === "withdrawn";
  return { isOwn, mayAnswer: keeps && !isOver, mayReply: isOwn && !isOver };
}
