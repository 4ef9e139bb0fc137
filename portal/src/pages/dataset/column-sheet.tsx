import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import type { Shape } from "@/api/client";
import { ruleHistoryQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { formatCount, formatShare } from "@/lib/format";
import { askLink, lineageLink, reportLink } from "@/lib/links";
import { valueText } from "@/lib/values";
import { Rules } from "@/pages/quality/rules";
import { Button } from "@/ui/button";
import { Sheet } from "@/ui/dialog";
import { Marks } from "@/ui/marks";
import { Facts } from "@/ui/panel";
import { Loaded, Skeleton } from "@/ui/state";
import { ClearanceStatus, Musts } from "./columns";
import { Top } from "./profile";
import { type Named, profileQuery } from "./queries";

const ColumnCharts = lazy(() => import("./column-charts"));

/** Everything about one column: its meaning, its values as far as one sees them, its rules and how it changed. */
export function ColumnSheet({
  dataset,
  named,
  column,
  onClose,
}: {
  dataset: Shape<"DatasetFacts">;
  named: Named;
  column: Shape<"ColumnFacts">;
  onClose: () => void;
}) {
  return (
    <Sheet
      isOpen
      onOpen={onClose}
      title={column.name}
      description={column.description || undefined}
      actions={
        <>
          <Button asChild kind="quiet">
            <Link to={reportLink(dataset.name, column.name)}>{t("dataset.report")}</Link>
          </Button>
          <Button asChild>
            <Link to={lineageLink(dataset.name, column.name)}>{t("dataset.lineage")}</Link>
          </Button>
          {column.clearance === "clear" ? null : (
            <Button asChild kind="primary">
              <Link to={askLink(dataset.name, [column.name])}>{t("dataset.ask")}</Link>
            </Button>
          )}
        </>
      }
    >
      <div className="space-y-5">
        <Facts
          facts={[
            [
              t("dataset.type"),
              <code key="type" className="font-mono text-xs">
                {column.type}
              </code>,
            ],
            [t("dataset.clearance"), <ClearanceStatus key="clearance" clearance={column.clearance} />],
            [t("dataset.classification"), <Marks key="marks" column={column} />],
            [t("dataset.musts"), <Musts key="musts" column={column} />],
          ]}
        />
        {dataset.access.is_allowed && dataset.release !== null ? (
          <Values named={named} column={column} />
        ) : null}
        <ColumnRules named={named} column={column.name} />
      </div>
    </Sheet>
  );
}

function Values({ named, column }: { named: Named; column: Shape<"ColumnFacts"> }) {
  const profile = useQuery(profileQuery(named));
  return (
    <Loaded query={profile} missing={<p className="text-sm text-ink-3">{t("dataset.noProfile")}</p>}>
      {({ columns }) => {
        const found = columns.find((one) => one.name === column.name);
        if (!found) return <p className="text-sm text-ink-3">{t("dataset.noProfile")}</p>;
        return (
          <section aria-label={t("dataset.values")} className="space-y-3">
            <h3 className="text-sm font-semibold">{t("dataset.values")}</h3>
            {found.clearance === "clear" ? null : (
              <p className="text-sm text-ink-2">{t("dataset.valuesMasked")}</p>
            )}
            <Facts facts={factsOf(found)} />
            {found.top.length ? <Top top={found.top} type={found.type} /> : null}
            <Suspense fallback={<Skeleton />}>
              <ColumnCharts named={named} column={found} />
            </Suspense>
            {found.sampled_rows === null ? null : (
              <p className="text-xs text-ink-3">{t("dataset.sampled", { count: found.sampled_rows })}</p>
            )}
          </section>
        );
      }}
    </Loaded>
  );
}

function factsOf(found: Shape<"ColumnProfileFacts">): [string, string][] {
  const value = (text: string) => valueText(text, found.type);
  const number = (text: number | null) =>
    text === null ? null : valueText(Number(text.toPrecision(8)), "double");
  const median = found.quantiles.find(({ share }) => share === 0.5);
  const known: [string, string | null][] = [
    [t("dataset.empty"), found.null_share === null ? null : formatShare(found.null_share)],
    [
      t("dataset.differentValues"),
      found.approximate_distinct === null ? null : formatCount(found.approximate_distinct),
    ],
    [t("dataset.minimum"), found.minimum === null ? null : value(found.minimum)],
    [t("dataset.median"), median ? value(median.value) : null],
    [t("dataset.maximum"), found.maximum === null ? null : value(found.maximum)],
    [t("dataset.mean"), number(found.mean)],
    [t("dataset.spread"), number(found.standard_deviation)],
  ];
  return known.filter((fact): fact is [string, string] => fact[1] !== null);
}

function ColumnRules({ named, column }: { named: Named; column: string }) {
  const history = useQuery(ruleHistoryQuery(named.domain, named.dataset));
  return (
    <Loaded query={history}>
      {(rules) => {
        const about = rules.filter((rule) => rule.columns.includes(column));
        return about.length ? (
          <section aria-label={t("dataset.rules")} className="space-y-2">
            <h3 className="text-sm font-semibold">{t("dataset.rules")}</h3>
            <Rules rules={about} />
          </section>
        ) : null;
      }}
    </Loaded>
  );
}
