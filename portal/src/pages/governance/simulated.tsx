import { Link } from "@tanstack/react-router";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { formatCount, formatMoment } from "@/lib/format";
import { whyLink } from "@/lib/links";
import { shortName } from "@/lib/principal";
import { Status } from "@/ui/badge";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/state";
import { type Column, Table } from "@/ui/table";

type Change = Shape<"ChangeFacts">;

/** Who would gain and who would lose, in words. */
export function Simulated({ found }: { found: Shape<"SimulationFacts"> }) {
  return (
    <div className="space-y-4" role="status">
      <Panel title={t("governance.simulated")}>
        <div className="flex flex-wrap items-center gap-2">
          <Status tone={found.has_losers ? "warn" : "ok"}>
            {found.has_losers
              ? t("governance.someLose")
              : found.changes.length
                ? t("governance.noneLose")
                : t("governance.sameForAll")}
          </Status>
          <p className="text-sm">
            {t("governance.replayed", {
              count: found.queries,
              since: formatMoment(found.since),
              until: formatMoment(found.until),
            })}
          </p>
        </div>
        {found.skipped ? (
          <p className="mt-1 text-xs text-ink-2">{t("governance.skipped", { count: found.skipped })}</p>
        ) : null}
        <p className="mt-1 text-xs text-ink-2">{t("governance.nothingChanged")}</p>
      </Panel>
      {found.changes.length ? (
        <Panel title={t("governance.changes", { count: found.changes.length })} isFlush>
          <Table
            label={t("governance.simulated")}
            rows={found.changes}
            rowKey={(one) =>
              [
                one.principal,
                one.dataset,
                one.purpose,
                one.endpoint,
                JSON.stringify([one.gained, one.lost]),
              ].join(" ")
            }
            columns={COLUMNS()}
          />
        </Panel>
      ) : (
        <Empty title={t("governance.sameForAll")} />
      )}
    </div>
  );
}

const COLUMNS = (): Column<Change>[] => [
  {
    id: "who",
    head: t("governance.who"),
    value: (one) => one.principal,
    cell: (one) => (
      <Link
        to={whyLink(one.principal, one.dataset)}
        className="font-medium break-words text-accent hover:underline"
      >
        {shortName(one.principal)}
      </Link>
    ),
  },
  {
    id: "dataset",
    head: t("governance.dataset"),
    value: (one) => one.dataset,
    cell: (one) => (
      <span className="break-words">
        {one.dataset}
        <span className="block text-xs text-ink-3">{one.purpose}</span>
      </span>
    ),
  },
  {
    id: "change",
    head: t("governance.change"),
    cell: (one) => (
      <ul className="space-y-1 text-xs">
        {one.before === one.after ? null : (
          <li>
            <Status tone={one.after ? "ok" : "bad"}>
              {one.after ? t("governance.wouldRead") : t("governance.wouldNotRead")}
            </Status>
          </li>
        )}
        {one.rows ? <li>{t(`governance.rows.${one.rows}` as "governance.rows.gained")}</li> : null}
        {[...one.lost, ...one.gained].map((column) => (
          <li key={column.name} className="break-words">
            <span className="font-mono">{column.name}</span>:{" "}
            {t("governance.fromTo", {
              before: t(`governance.clearance.${column.before}` as "governance.clearance.clear"),
              after: t(`governance.clearance.${column.after}` as "governance.clearance.clear"),
            })}
          </li>
        ))}
        {one.reasons.map((reason) => (
          <li key={reason} className="text-ink-3">
            {reason}
          </li>
        ))}
      </ul>
    ),
  },
  {
    id: "queries",
    head: t("governance.questions"),
    isNumber: true,
    value: (one) => one.queries,
    cell: (one) => formatCount(one.queries),
    hiddenBelow: "sm",
  },
];
