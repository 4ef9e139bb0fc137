import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { answer, api, type Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { formatCount, formatDay, formatShort } from "@/lib/format";
import { datasetLink } from "@/lib/links";
import { Figure, Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { type Column, Table } from "@/ui/table";

const UsageChart = lazy(() => import("./usage-chart"));

/** Who uses a product, and how much, week by week: counts for everybody, names for its owner. */
export function Usage({ domain, product }: { domain: string; product: string }) {
  const usage = useQuery({
    queryKey: ["usage", domain, product],
    queryFn: () =>
      answer(api.GET("/api/v1/products/{domain}/{product}/usage", { params: { path: { domain, product } } })),
  });
  return (
    <Loaded query={usage}>
      {(one) => (
        <div className="space-y-4">
          <div className="grid grid-cols-2 gap-2 sm:grid-cols-3 lg:grid-cols-5">
            <Figure name={t("usage.people")} value={formatCount(one.people)} />
            <Figure name={t("usage.teams")} value={formatCount(one.teams)} />
            <Figure
              name={t("usage.programs")}
              value={formatCount(one.programs)}
              note={t("usage.programsNote")}
            />
            <Figure name={t("usage.queries")} value={formatShort(one.queries)} />
            <Figure name={t("usage.agreements")} value={formatCount(one.agreement_count)} />
          </div>
          {one.queries ? (
            <>
              <Panel title={t("usage.byWeek")}>
                <Suspense fallback={<div className="skeleton h-72" />}>
                  <UsageChart weeks={one.weeks} />
                </Suspense>
              </Panel>
              <Panel title={t("usage.byDataset")} isFlush>
                <Table
                  label={t("usage.byDataset")}
                  rows={one.datasets}
                  rowKey={(dataset) => dataset.dataset}
                  columns={DATASETS()}
                />
              </Panel>
            </>
          ) : (
            <Empty title={t("usage.none")}>{t("usage.noneDetail")}</Empty>
          )}
          {one.consumers?.length ? (
            <Panel title={t("usage.consumers")} isFlush>
              <Table
                label={t("usage.consumers")}
                rows={one.consumers}
                rowKey={(consumer) => consumer.principal}
                columns={CONSUMERS()}
              />
            </Panel>
          ) : null}
          {one.agreements?.length ? (
            <Panel title={t("usage.agreed")} isFlush>
              <Table
                label={t("usage.agreed")}
                rows={one.agreements}
                rowKey={(agreed) => `${agreed.grantee} ${agreed.dataset} ${agreed.purpose} ${agreed.until}`}
                columns={AGREED()}
              />
            </Panel>
          ) : null}
          {one.consumers ? null : <p className="text-xs text-ink-3">{t("usage.namesNote")}</p>}
        </div>
      )}
    </Loaded>
  );
}

/** Return somebody's name without its kind where that says nothing: users and teams are recognised by their words. */
function nameOf(principal: string): string {
  return principal.replace(/^(user|team):/, "");
}

const DATASETS = (): Column<Shape<"DatasetUsageShape">>[] => [
  {
    id: "dataset",
    head: t("usage.dataset"),
    value: (one) => one.dataset,
    cell: (one) => (
      <Link to={datasetLink(one.dataset)} className="font-medium text-accent hover:underline">
        {one.dataset}
      </Link>
    ),
  },
  count("people", t("usage.people"), (one) => one.people),
  { ...count("programs", t("usage.programs"), (one) => one.programs), hiddenBelow: "sm" },
  count("queries", t("usage.queries"), (one) => one.queries),
  count("rows", t("usage.rows"), (one) => one.rows),
];

function count(
  id: string,
  head: string,
  value: (one: Shape<"DatasetUsageShape">) => number,
): Column<Shape<"DatasetUsageShape">> {
  return { id, head, isNumber: true, value, cell: (one) => formatShort(value(one)) };
}

const CONSUMERS = (): Column<Shape<"ConsumerShape">>[] => [
  {
    id: "who",
    head: t("usage.who"),
    value: (one) => one.principal,
    cell: (one) => <span className="break-words">{nameOf(one.principal)}</span>,
  },
  {
    id: "teams",
    head: t("usage.teams"),
    cell: (one) => one.teams.map(nameOf).join(", "),
    hiddenBelow: "sm",
  },
  {
    id: "queries",
    head: t("usage.queries"),
    isNumber: true,
    value: (one) => one.queries,
    cell: (one) => formatShort(one.queries),
  },
  {
    id: "rows",
    head: t("usage.rows"),
    isNumber: true,
    value: (one) => one.rows,
    cell: (one) => formatShort(one.rows),
    hiddenBelow: "sm",
  },
  { id: "last", head: t("usage.last"), value: (one) => one.last_on, cell: (one) => formatDay(one.last_on) },
];

const AGREED = (): Column<Shape<"AgreedUseShape">>[] => [
  { id: "who", head: t("usage.grantee"), value: (one) => one.grantee, cell: (one) => nameOf(one.grantee) },
  { id: "dataset", head: t("usage.dataset"), value: (one) => one.dataset, cell: (one) => one.dataset },
  { id: "purpose", head: t("usage.purpose"), cell: (one) => one.purpose, hiddenBelow: "sm" },
  { id: "until", head: t("usage.until"), value: (one) => one.until, cell: (one) => formatDay(one.until) },
];
