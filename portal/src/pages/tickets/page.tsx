import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { MessageSquareWarning, Plus } from "lucide-react";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { ticketLink } from "@/lib/links";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";
import { PageHead } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { type Column, Table } from "@/ui/table";
import { Time } from "@/ui/time";
import { type Ticket, ticketsQuery } from "./queries";
import { SEARCH, STATES } from "./search";
import { TicketStatus } from "./status";

/** What was reported as wrong: by oneself, and to oneself by those who use one's data. */
export function Page() {
  const [{ state, dataset, sort }, change] = useAddress(SEARCH);
  const { id } = useSession();
  const tickets = useInfiniteQuery(ticketsQuery({ ...(state && { state }), ...(dataset && { dataset }) }));
  const report = (
    <Button asChild kind="primary">
      <Link to="/tickets/new" search={dataset ? { dataset } : {}}>
        <Plus aria-hidden />
        {t("tickets.report")}
      </Link>
    </Button>
  );
  return (
    <>
      <PageHead title={t("tickets.title")} actions={report}>
        {t("tickets.lead")}
      </PageHead>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Select
          aria-label={t("tickets.state")}
          value={state ?? ""}
          className="w-auto!"
          onChange={(event) => change({ state: STATES.find((one) => one === event.target.value) })}
        >
          <option value="">{t("tickets.anyState")}</option>
          {STATES.map((one) => (
            <option key={one} value={one}>
              {t(`tickets.state.${one}`)}
            </option>
          ))}
        </Select>
        {dataset ? (
          <>
            <Badge tone="info">{dataset}</Badge>
            <Button kind="quiet" size="small" onClick={() => change({ dataset: undefined })}>
              {t("tickets.allDatasets")}
            </Button>
          </>
        ) : null}
      </div>
      <Loaded query={tickets}>
        {({ pages }) => {
          const all = pages.flatMap((page) => page.tickets);
          return all.length ? (
            <>
              <Panel isFlush>
                <Table
                  label={t("tickets.title")}
                  rows={all}
                  rowKey={(one) => one.id}
                  columns={columns(id)}
                  sort={sort}
                  onSort={(chosen) => change({ sort: chosen })}
                />
              </Panel>
              {tickets.hasNextPage ? (
                <div className="pt-3 text-center">
                  <Button onClick={() => tickets.fetchNextPage()} disabled={tickets.isFetchingNextPage}>
                    {t("tickets.older")}
                  </Button>
                </div>
              ) : null}
            </>
          ) : (
            <Empty icon={MessageSquareWarning} title={t("tickets.none")}>
              {t("tickets.noneDetail")}
            </Empty>
          );
        }}
      </Loaded>
    </>
  );
}

const columns = (me: string): Column<Ticket>[] => [
  {
    id: "found",
    head: t("tickets.wrong"),
    cell: (one) => (
      <div className="min-w-0">
        <Link
          to={ticketLink(one.id)}
          className="line-clamp-2 font-medium break-words text-accent hover:underline"
        >
          {one.found}
        </Link>
        <p className="font-mono text-xs break-all text-ink-3">
          {one.dataset}
          {one.column ? `.${one.column}` : ""}
        </p>
      </div>
    ),
  },
  {
    id: "state",
    head: t("tickets.state"),
    value: (one) => t(`tickets.state.${one.state}`),
    cell: (one) => <TicketStatus state={one.state} />,
  },
  {
    id: "by",
    head: t("tickets.by"),
    value: (one) => one.opened_by,
    cell: (one) => (one.opened_by === me ? t("tickets.you") : one.opened_by.replace(/^user:/, "")),
    hiddenBelow: "md",
  },
  {
    id: "changed",
    head: t("tickets.changed"),
    value: (one) => Date.parse(one.changed_at),
    cell: (one) => <Time at={one.changed_at} />,
    hiddenBelow: "sm",
  },
];
