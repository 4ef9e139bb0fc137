import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { datasetLink, incidentLink, productLink } from "@/lib/links";
import { Status } from "@/ui/badge";
import { Panel } from "@/ui/panel";
import { Time } from "@/ui/time";

/** Incidents that are not over, and data that is late or broken, of what is somebody's or used by them. */
export function Broken({ found }: { found: Shape<"BrokenFacts"> }) {
  const isFine = found.incidents.length === 0 && found.datasets.length === 0;
  return (
    <Panel title={t("home.broken")} isFlush>
      {isFine ? (
        <p className="flex items-center gap-2 px-4 py-3 text-sm text-ink-2">
          <CircleCheck className="size-4 shrink-0 text-ok" aria-hidden />
          {t("home.nothingBroken")}
        </p>
      ) : (
        <ul className="divide-y divide-line">
          {found.incidents.map((one) => (
            <Line
              key={one.id}
              to={incidentLink(one.id)}
              title={one.title}
              status={
                <Status tone={one.state === "open" ? "bad" : "warn"}>
                  {t(one.state === "open" ? "home.incident.open" : "home.incident.acknowledged")}
                </Status>
              }
            >
              <Link to={productLink(one.product)} className="relative z-10 font-mono hover:underline">
                {one.product}
              </Link>{" "}
              · <Time at={one.opened_at} />
            </Line>
          ))}
          {found.datasets.map((one) => (
            <Line
              key={one.dataset}
              to={datasetLink(one.dataset)}
              title={one.dataset}
              status={<Status tone="bad">{t(`home.state.${one.state}` as "home.state.missed")}</Status>}
            >
              {one.levels
                .filter((level) => level.is_met === false)
                .map((level) => t("home.promised", { objective: level.objective }))
                .join(" · ") || t("home.lastGood")}
              {one.released_at ? (
                <>
                  {" "}
                  · <Time at={one.released_at} />
                </>
              ) : null}
            </Line>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Line({
  to,
  title,
  status,
  children,
}: {
  to: string;
  title: string;
  status: ReactNode;
  children: ReactNode;
}) {
  return (
    <li className="relative px-4 py-2 text-sm hover:bg-sunken">
      <div className="flex items-start gap-2">
        <Link
          to={to}
          className="min-w-0 flex-1 font-medium wrap-anywhere text-accent after:absolute after:inset-0 hover:underline"
        >
          {title}
        </Link>
        {status}
      </div>
      <p className="text-xs text-ink-2">{children}</p>
    </li>
  );
}
