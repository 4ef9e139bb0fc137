import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck, Download, Waypoints } from "lucide-react";
import type { Shape } from "@/api/client";
import { datasetsQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { split } from "@/lib/address";
import { datasetLink, lineageLink, productLink } from "@/lib/links";
import { csvOf, save } from "@/lib/save";
import { Status } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { Empty, Loaded, Skeleton } from "@/ui/state";
import { Table } from "@/ui/table";
import { distances, type Facts, linksOf, placeOf } from "./graph-data";
import { impactQuery } from "./queries";

/** The same as the graph, for those who read a table better: which column comes from which. */
export function Arrows({ facts }: { facts: Facts }) {
  if (!facts.arrows.length) {
    return (
      <Empty icon={Waypoints} title={t("lineage.alone")}>
        {t("lineage.aloneDetail")}
      </Empty>
    );
  }
  return (
    <Panel isFlush>
      <Table
        label={t("lineage.view.table")}
        rows={facts.arrows}
        rowKey={(arrow) => `${placeOf(arrow.origin)} ${placeOf(arrow.target)} ${arrow.kind}`}
        columns={[
          {
            id: "origin",
            head: t("lineage.from"),
            value: (arrow) => placeOf(arrow.origin),
            cell: (arrow) => <Place place={arrow.origin} />,
          },
          {
            id: "target",
            head: t("lineage.to"),
            value: (arrow) => placeOf(arrow.target),
            cell: (arrow) => (
              <span className="flex flex-wrap items-center gap-2">
                <Place place={arrow.target} />
                {facts.untraced.has(placeOf(arrow.target)) ? (
                  <Status tone="warn">{t("lineage.untraced")}</Status>
                ) : null}
              </span>
            ),
          },
          {
            id: "kind",
            head: t("lineage.how"),
            value: (arrow) => arrow.kind,
            cell: (arrow) => t(`lineage.kind.${arrow.kind}` as "lineage.kind.direct"),
            hiddenBelow: "sm",
          },
        ]}
      />
    </Panel>
  );
}

function Place({ place }: { place: Shape<"LineagePlace"> }) {
  return (
    <Link
      to={lineageLink(place.dataset, place.column ?? undefined)}
      className="font-mono text-xs wrap-anywhere text-accent hover:underline"
    >
      {place.column ? placeOf(place) : t("lineage.rowsOf", { dataset: place.dataset })}
    </Link>
  );
}

interface Affected {
  dataset: string;
  product: string;
  owner: string;
  steps: number;
}

/** What breaks if a dataset, or one of its columns, changes: everything that comes from it, with who answers for it. */
export function Impact({
  name,
  isOfColumn,
  path,
}: {
  name: string;
  isOfColumn: boolean;
  path: Facts | null;
}) {
  const impact = useQuery(impactQuery(name));
  const datasets = useQuery(datasetsQuery);
  // Without the way of the column there is only what the whole dataset reaches, which is more.
  if (isOfColumn && !path) return <Skeleton />;
  return (
    <Loaded query={impact}>
      {(found) => {
        const steps = distances(name, linksOf(path?.arrows ?? found.edges));
        const owners = new Map(datasets.data?.map((one) => [one.name, one]));
        const rows = [...steps]
          .filter(([dataset]) => dataset !== name)
          .map(([dataset, count]): Affected => {
            const known = owners.get(dataset);
            return { dataset, product: known?.product ?? "", owner: known?.owner ?? "", steps: count };
          })
          .sort((a, b) => a.steps - b.steps || a.dataset.localeCompare(b.dataset));
        return rows.length ? (
          <Panel
            title={t("lineage.affected", { count: rows.length })}
            isFlush
            actions={
              <Button size="small" onClick={() => save(asFile(rows), `${name}-impact.csv`)}>
                <Download aria-hidden />
                {t("lineage.export")}
              </Button>
            }
          >
            <Table
              label={t("lineage.view.impact")}
              rows={rows}
              rowKey={(row) => row.dataset}
              columns={COLUMNS()}
            />
          </Panel>
        ) : (
          <Empty icon={CircleCheck} title={t("lineage.noImpact")}>
            {t("lineage.noImpactDetail")}
          </Empty>
        );
      }}
    </Loaded>
  );
}

const COLUMNS = () => [
  {
    id: "dataset",
    head: t("lineage.dataset"),
    value: (row: Affected) => row.dataset,
    cell: (row: Affected) => (
      <Link to={datasetLink(row.dataset)} className="font-medium wrap-anywhere text-accent hover:underline">
        {row.dataset}
      </Link>
    ),
  },
  {
    id: "owner",
    head: t("lineage.owner"),
    value: (row: Affected) => row.owner,
    cell: (row: Affected) => row.owner,
  },
  {
    id: "product",
    head: t("lineage.product"),
    value: (row: Affected) => row.product,
    cell: (row: Affected) =>
      row.product ? (
        <Link to={productLink(row.product)} className="text-accent hover:underline">
          {split(row.product).rest}
        </Link>
      ) : null,
    hiddenBelow: "md" as const,
  },
  {
    id: "steps",
    head: t("lineage.steps"),
    isNumber: true,
    value: (row: Affected) => row.steps,
    cell: (row: Affected) => String(row.steps),
    hiddenBelow: "sm" as const,
  },
];

function asFile(rows: readonly Affected[]): Blob {
  const head = ["dataset", "product", "owner", "steps"];
  const lines = rows.map((row) => [row.dataset, row.product, row.owner, String(row.steps)]);
  return new Blob([csvOf([head, ...lines])], { type: "text/csv" });
}
