import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Shape } from "@/api/client";
import { useAnswersFor } from "@/app/session";
import { t } from "@/i18n/texts";
import { split, useInPath } from "@/lib/address";
import { formatMoment } from "@/lib/format";
import { datasetLink, productLink, quarantineLink, runLink } from "@/lib/links";
import { Button } from "@/ui/button";
import { NotFound } from "@/ui/not-found";
import { PageHead } from "@/ui/page";
import { Facts, Panel } from "@/ui/panel";
import { Loaded } from "@/ui/state";
import { Time } from "@/ui/time";
import { Affected } from "./affected";
import { Handle } from "./handle";
import { IncidentStatus } from "./incidents";
import { incidentQuery } from "./queries";

type Incident = Shape<"IncidentTimeline">;

/** An incident: what is wrong, what happened since, whom it concerns, and what is done about it. */
export function Page() {
  const incident = useQuery(incidentQuery(useInPath("incident")));
  return (
    <Loaded query={incident} missing={<NotFound />}>
      {(one) => <Shown key={one.id} incident={one} />}
    </Loaded>
  );
}

function Shown({ incident }: { incident: Incident }) {
  const isResponsible = useAnswersFor(split(incident.product).domain);
  return (
    <>
      <PageHead
        title={incident.title}
        above={
          <span className="flex flex-wrap items-center gap-2">
            <Link to="/quality" search={{ tab: "incidents" }} className="hover:underline">
              {t("quality.incidents")}
            </Link>
            <span className="font-mono">{incident.id}</span>
            <IncidentStatus state={incident.state} />
          </span>
        }
        actions={
          incident.run ? (
            <Button asChild>
              <Link to={runLink(incident.run)}>{t("quality.toRun")}</Link>
            </Button>
          ) : null
        }
      >
        {t(`quality.cause.${incident.cause}`)}
      </PageHead>
      <div className="grid gap-4 lg:grid-cols-[1fr_340px]">
        <div className="space-y-4">
          <Panel title={t("quality.timeline")}>
            <Timeline events={incident.events} />
          </Panel>
          {incident.state === "resolved" ? null : <Handle incident={incident} isOffered={isResponsible} />}
        </div>
        <div className="space-y-4">
          <Panel title={t("quality.facts")}>
            <Facts
              facts={[
                [
                  t("quality.product"),
                  <Link
                    key="product"
                    to={productLink(incident.product)}
                    className="text-accent hover:underline"
                  >
                    {incident.product}
                  </Link>,
                ],
                [t("quality.openedAt"), formatMoment(incident.opened_at)],
                ...(incident.acknowledged_by
                  ? [[t("quality.takenBy"), incident.acknowledged_by] as const]
                  : []),
                ...(incident.resolved_at
                  ? [[t("quality.resolvedAt"), formatMoment(incident.resolved_at)] as const]
                  : []),
              ]}
            />
          </Panel>
          <Panel title={t("quality.concerned")}>
            <ul className="space-y-2 text-sm">
              {incident.datasets.map((dataset) => (
                <li key={dataset} className="flex flex-wrap items-center gap-x-3 gap-y-1">
                  <Link
                    to={datasetLink(dataset)}
                    search={{ tab: "quality" }}
                    className="min-w-0 flex-1 wrap-anywhere text-accent hover:underline"
                  >
                    {dataset}
                  </Link>
                  {isResponsible ? (
                    <Link to={quarantineLink(dataset)} className="text-xs text-ink-2 hover:underline">
                      {t("quality.toQuarantine")}
                    </Link>
                  ) : null}
                </li>
              ))}
            </ul>
          </Panel>
          <Affected datasets={incident.datasets} product={incident.product} isResponsible={isResponsible} />
        </div>
      </div>
    </>
  );
}

function Timeline({ events }: { events: Incident["events"] }) {
  return (
    <ol className="space-y-3 border-l-2 border-line pl-4 text-sm">
      {events.map((event) => (
        <li key={event.number}>
          <p className="flex flex-wrap items-baseline gap-x-2">
            <span className="font-medium">{t(`quality.event.${event.kind}`)}</span>
            <span className="text-xs text-ink-3">
              {event.by} · <Time at={event.at} />
            </span>
          </p>
          {event.text ? <p className="wrap-anywhere whitespace-pre-line text-ink-2">{event.text}</p> : null}
        </li>
      ))}
    </ol>
  );
}
