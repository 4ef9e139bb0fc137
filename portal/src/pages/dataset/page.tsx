import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Shape } from "@/api/client";
import { datasetQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { useInPath } from "@/lib/address";
import { productLink } from "@/lib/links";
import { Badge, Status } from "@/ui/badge";
import { NotFound } from "@/ui/not-found";
import { PageHead } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Loaded } from "@/ui/state";
import { type Column, Table } from "@/ui/table";

/** A dataset: its columns, what they mean, and how whoever looks sees them. */
export function Page() {
  const domain = useInPath("domain");
  const name = useInPath("dataset");
  const dataset = useQuery(datasetQuery(domain, name));
  return (
    <Loaded query={dataset} missing={<NotFound />}>
      {(one) => (
        <>
          <PageHead
            title={one.name}
            above={
              <Link to={productLink(one.product)} className="hover:underline">
                {one.product}
              </Link>
            }
          >
            {one.description}
          </PageHead>
          <Panel title={t("dataset.columns")} isFlush>
            <Table
              label={t("dataset.columns")}
              rows={one.columns}
              rowKey={(column) => column.name}
              columns={COLUMNS()}
            />
          </Panel>
        </>
      )}
    </Loaded>
  );
}

const COLUMNS = (): Column<Shape<"ColumnFacts">>[] => [
  {
    id: "name",
    head: t("dataset.column"),
    value: (column) => column.name,
    cell: (column) => <span className="font-mono text-xs">{column.name}</span>,
  },
  {
    id: "type",
    head: t("dataset.type"),
    cell: (column) => <span className="font-mono text-xs">{column.type}</span>,
  },
  { id: "meaning", head: t("dataset.meaning"), cell: (column) => column.description, hiddenBelow: "sm" },
  {
    id: "classification",
    head: t("dataset.classification"),
    cell: (column) => (
      <span className="flex flex-wrap gap-1">
        {column.classification ? <Badge>{column.classification}</Badge> : null}
        {column.tags.map((tag) => (
          <Badge key={tag} tone="info">
            {tag}
          </Badge>
        ))}
      </span>
    ),
    hiddenBelow: "md",
  },
  {
    id: "clearance",
    head: t("dataset.clearance"),
    cell: (column) =>
      column.clearance ? (
        <Status tone={column.clearance === "clear" ? "ok" : "warn"}>
          {column.clearance === "clear" ? t("dataset.clear") : t("dataset.masked")}
        </Status>
      ) : null,
  },
];
