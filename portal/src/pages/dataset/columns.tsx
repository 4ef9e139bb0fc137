import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { type Cell, cellText } from "@/lib/cells";
import { Badge, Status } from "@/ui/badge";
import { Marks } from "@/ui/marks";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/state";
import { type Column, Table } from "@/ui/table";
import { type Named, rowsQuery } from "./queries";
import { SEARCH } from "./search";

type ColumnFacts = Shape<"ColumnFacts">;
const EXAMPLES = 3;
const LONGEST = 40;

/** The contract in readable form: each column with its meaning, what it must fulfil, and how one sees it. */
export function Columns({ dataset, named }: { dataset: Shape<"DatasetFacts">; named: Named }) {
  const [{ sort }, change] = useAddress(SEARCH);
  const isRead = dataset.access.is_allowed && dataset.release !== null;
  const rows = useQuery({ ...rowsQuery(named), enabled: isRead });
  const examples = useMemo(() => (rows.data ? examplesOf(rows.data) : null), [rows.data]);
  if (!dataset.columns.length)
    return <Empty title={t("dataset.noColumns")}>{t("dataset.noColumnsDetail")}</Empty>;
  const columns = columnsOf((column) => change({ column }, { push: true }));
  return (
    <div className="space-y-2">
      <Panel isFlush>
        <Table
          label={t("dataset.columns")}
          rows={dataset.columns}
          rowKey={(column) => column.name}
          columns={isRead ? [...columns, examplesColumn(examples, rows.isPending)] : columns}
          sort={sort}
          onSort={(chosen) => change({ sort: chosen })}
        />
      </Panel>
      {rows.isError ? <p className="text-xs text-ink-3">{t("dataset.noExamples")}</p> : null}
      {isRead ? <p className="text-xs text-ink-3">{t("dataset.examplesDetail")}</p> : null}
    </div>
  );
}

/** How whoever looks sees a column; one that could be asked for is seen not yet. */
export function ClearanceStatus({ clearance }: { clearance: string | null }) {
  if (clearance === "clear") return <Status tone="ok">{t("dataset.clear")}</Status>;
  if (clearance === "masked") return <Status tone="warn">{t("dataset.masked")}</Status>;
  return <Status tone="plain">{t("dataset.onRequest")}</Status>;
}

/** What every value of a column must fulfil. */
export function Musts({ column }: { column: ColumnFacts }) {
  return (
    <span className="flex flex-wrap gap-1">
      {column.key ? <Badge tone="info">{t("dataset.key")}</Badge> : null}
      {column.required ? <Badge>{t("dataset.required")}</Badge> : null}
      {column.unique ? <Badge>{t("dataset.unique")}</Badge> : null}
    </span>
  );
}

function columnsOf(choose: (column: string) => void): Column<ColumnFacts>[] {
  return [
    {
      id: "name",
      head: t("dataset.column"),
      value: (column) => column.name,
      cell: (column) => (
        <div className="min-w-0">
          <button
            type="button"
            onClick={() => choose(column.name)}
            className="min-h-7 text-left font-mono text-xs font-medium wrap-anywhere text-accent hover:underline"
          >
            {column.name}
          </button>
          <p className="font-mono text-2xs text-ink-3">{column.type}</p>
          <p className="text-ink-2 sm:hidden">{column.description}</p>
        </div>
      ),
    },
    {
      id: "meaning",
      head: t("dataset.meaning"),
      cell: (column) => column.description,
      hiddenBelow: "sm",
      className: "max-w-80",
    },
    { id: "musts", head: t("dataset.musts"), cell: (column) => <Musts column={column} />, hiddenBelow: "lg" },
    {
      id: "classification",
      head: t("dataset.classification"),
      value: (column) => column.classification,
      cell: (column) => <Marks column={column} />,
      hiddenBelow: "md",
    },
    {
      id: "clearance",
      head: t("dataset.clearance"),
      value: (column) => column.clearance ?? "",
      cell: (column) => <ClearanceStatus clearance={column.clearance} />,
    },
  ];
}

function examplesColumn(examples: Map<string, string[]> | null, isPending: boolean): Column<ColumnFacts> {
  return {
    id: "examples",
    head: t("dataset.examples"),
    hiddenBelow: "xl",
    className: "max-w-56",
    cell: (column) => (
      <span aria-busy={isPending} className="flex flex-col text-xs text-ink-2">
        {isPending ? <span className="skeleton h-4 w-24" /> : null}
        {examples?.get(column.name.toLowerCase())?.map((one) => (
          <span key={one} className="truncate" title={one}>
            {one}
          </span>
        ))}
      </span>
    ),
  };
}

/** Return a few different values of each column, as the answer has them. */
export function examplesOf(page: Shape<"Page">): Map<string, string[]> {
  return new Map(
    page.columns.map(({ name, type }, place) => {
      const texts = page.rows.flatMap((row) => {
        const value = row[place];
        return value === null || value === undefined ? [] : [cellText(value as Cell, type)];
      });
      const some = [...new Set(texts)].slice(0, EXAMPLES);
      return [
        name.toLowerCase(),
        some.map((text) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)),
      ];
    }),
  );
}
