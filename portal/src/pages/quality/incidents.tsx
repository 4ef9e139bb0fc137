import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PartyPopper } from "lucide-react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { incidentLink } from "@/lib/links";
import { Status, type Tone } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Check } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { type Column, Table } from "@/ui/table";
import { Time } from "@/ui/time";
import { incidentsQuery } from "./queries";
import { SEARCH } from "./search";

const TONES: Record<Shape<"IncidentState">, Tone> = { acknowledged: "warn", open: "bad", resolved: "ok" };

export function IncidentStatus({ state }: { state: Shape<"IncidentState"> }) {
  return <Status tone={TONES[state]}>{t(`quality.incident.${state}`)}</Status>;
}

/** What is not as it was promised, and what was not; the newest first. */
export function Incidents() {
  const [{ incidents: shown }, change] = useAddress(SEARCH);
  const found = useInfiniteQuery(incidentsQuery(shown === "all" ? undefined : "open"));
  return (
    <div className="space-y-3">
      <Check
        label={t("quality.pastToo")}
        checked={shown === "all"}
        onChange={(event) => change({ incidents: event.target.checked ? "all" : undefined })}
      />
      <Loaded query={found}>
        {({ pages }) => {
          const list = pages.flatMap((page) => page.incidents);
          if (!list.length)
            return (
              <Empty icon={PartyPopper} title={t("quality.noIncidents")}>
                {t("quality.noIncidentsDetail")}
              </Empty>
            );
          return (
            <>
              <Panel isFlush>
                <Table
                  label={t("quality.incidents")}
                  rows={list}
                  rowKey={(one) => one.id}
                  columns={COLUMNS()}
                />
              </Panel>
              {found.hasNextPage ? (
                <Button onClick={() => void found.fetchNextPage()} disabled={found.isFetchingNextPage}>
                  {t("quality.more")}
                </Button>
              ) : null}
            </>
          );
        }}
      </Loaded>
    </div>
  );
}

const COLUMNS = (): Column<Shape<"IncidentFacts">>[] => [
  {
    id: "title",
    head: t("quality.incident"),
    cell: (one) => (
      <div className="min-w-0">
        <Link to={incidentLink(one.id)} className="font-medium wrap-anywhere text-accent hover:underline">
          {one.title}
        </Link>
        <p className="text-xs text-ink-3">
          {t(`quality.cause.${one.cause}`)} · {one.product}
        </p>
      </div>
    ),
  },
  { id: "state", head: t("quality.stateLabel"), cell: (one) => <IncidentStatus state={one.state} /> },
  {
    id: "opened",
    head: t("quality.openedAt"),
    hiddenBelow: "sm",
    cell: (one) => <Time at={one.opened_at} />,
  },
  {
    id: "resolved",
    head: t("quality.resolvedAt"),
    hiddenBelow: "md",
    cell: (one) => (one.resolved_at ? <Time at={one.resolved_at} /> : null),
  },
];
