import { t } from "@/i18n/texts";
import { Status, type Tone } from "@/ui/badge";
import type { Ticket } from "./queries";

const TONE: Record<Ticket["state"], Tone> = {
  accepted: "warn",
  answered: "ok",
  declined: "bad",
  mended: "ok",
  open: "info",
  withdrawn: "plain",
};

/** How a ticket stands. */
export function TicketStatus({ state }: { state: Ticket["state"] }) {
  return <Status tone={TONE[state]}>{t(`tickets.state.${state}`)}</Status>;
}
