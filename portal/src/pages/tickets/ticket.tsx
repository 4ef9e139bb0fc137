import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { t } from "@/i18n/texts";
import { useInPath } from "@/lib/address";
import { formatCount } from "@/lib/format";
import { datasetLink, linkOf } from "@/lib/links";
import { NotFound } from "@/ui/not-found";
import { PageHead } from "@/ui/page";
import { Facts, Panel } from "@/ui/panel";
import { Loaded } from "@/ui/state";
import { Time } from "@/ui/time";
import { AnswerForm, ReplyForm } from "./forms";
import { type Ticket, ticketQuery, useMay } from "./queries";
import { TicketStatus } from "./status";

/** One ticket: what is wrong where, what was said about it, and what one can say next. */
export function Page() {
  const ticket = useQuery(ticketQuery(useInPath("ticket")));
  return (
    <Loaded query={ticket} missing={<NotFound />}>
      {(one) => (
        <>
          <PageHead
            title={t("tickets.titleOf", {
              dataset: one.column ? `${one.dataset}.${one.column}` : one.dataset,
            })}
            above={
              <span className="flex flex-wrap items-center gap-2">
                <Link to="/tickets" className="hover:underline">
                  {t("tickets.title")}
                </Link>
                <TicketStatus state={one.state} />
              </span>
            }
          />
          <div className="grid items-start gap-4 lg:grid-cols-[1fr_320px]">
            <div className="min-w-0 space-y-4">
              <Panel title={t("tickets.said")}>
                <History ticket={one} />
              </Panel>
              <Next ticket={one} />
            </div>
            <Panel title={t("tickets.about")}>
              <Facts facts={facts(one)} />
            </Panel>
          </div>
        </>
      )}
    </Loaded>
  );
}

function Next({ ticket }: { ticket: Ticket }) {
  const { mayAnswer, mayReply } = useMay(ticket);
  return (
    <>
      {mayAnswer ? <AnswerForm key={`answer ${ticket.changed_at}`} ticket={ticket} /> : null}
      {mayReply ? <ReplyForm key={`reply ${ticket.changed_at}`} ticket={ticket} /> : null}
    </>
  );
}

/** What was said, oldest first: it begins with what is wrong, in the words of whoever reported it. */
function History({ ticket }: { ticket: Ticket }) {
  return (
    <ol className="space-y-4">
      {ticket.history.map((entry, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what was said stays in its order
        <li key={place} className="border-l-2 border-line pl-3">
          <p className="mb-1 flex flex-wrap items-center gap-2 text-xs text-ink-3">
            <span className="font-medium text-ink-2">{entry.by.replace(/^user:/, "")}</span>
            <Time at={entry.at} />
            {place ? <TicketStatus state={entry.state} /> : null}
          </p>
          {place === 0 ? (
            <Facts
              facts={[
                ...(ticket.place
                  ? ([[t("tickets.place"), <Said key="place" text={ticket.place} />]] as const)
                  : []),
                [t("tickets.found"), <Said key="found" text={ticket.found} />],
                ...(ticket.expected
                  ? ([[t("tickets.expected"), <Said key="expected" text={ticket.expected} />]] as const)
                  : []),
              ]}
            />
          ) : (
            <Said text={entry.text || t(`tickets.did.${entry.state}`)} />
          )}
        </li>
      ))}
    </ol>
  );
}

function Said({ text }: { text: string }) {
  return <span className="block max-w-[70ch] text-sm break-words whitespace-pre-line">{text}</span>;
}

function facts(ticket: Ticket): [string, ReactNode][] {
  const known: [string, ReactNode][] = [
    [
      t("tickets.dataset"),
      <Link key="dataset" to={datasetLink(ticket.dataset)} className="break-all text-accent hover:underline">
        {ticket.dataset}
      </Link>,
    ],
  ];
  if (ticket.column) {
    known.push([
      t("tickets.column"),
      <Link
        key="column"
        to={linkOf({ kind: "column", name: `${ticket.dataset}.${ticket.column}`, links: [] })}
        className="break-all text-accent hover:underline"
      >
        {ticket.column}
      </Link>,
    ]);
  }
  if (ticket.release !== null) known.push([t("tickets.seenIn"), formatCount(ticket.release)]);
  if (ticket.mended_in !== null) known.push([t("tickets.mendedIn"), formatCount(ticket.mended_in)]);
  known.push([t("tickets.by"), ticket.opened_by.replace(/^user:/, "")]);
  known.push([t("tickets.opened"), <Time key="opened" at={ticket.opened_at} />]);
  return known;
}
