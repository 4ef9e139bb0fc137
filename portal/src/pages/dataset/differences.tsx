import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Shape } from "@/api/client";
import { hasText, t } from "@/i18n/texts";
import { formatCount, formatShare } from "@/lib/format";
import { valueText } from "@/lib/values";
import { Badge, Status } from "@/ui/badge";
import { Facts } from "@/ui/panel";
import { Loaded } from "@/ui/state";
import { Table } from "@/ui/table";
import { differencesQuery, type Named } from "./queries";

type Found = Shape<"DifferenceFacts">;
const SHOWN_KEYS = 5;

/** What is different in one release from another: contract, checks, what the columns look like, and rows. */
export function Differences({
  named,
  types,
  from,
  to,
  withRows,
}: {
  named: Named;
  /** The type of each column, by its name. */
  types: ReadonlyMap<string, string>;
  from: number;
  to: number;
  withRows: boolean;
}) {
  const differences = useQuery(differencesQuery(named, from, to, withRows));
  return (
    <Loaded query={differences}>
      {(found) => (
        <div className="space-y-5 text-sm">
          <Facts
            facts={[
              [t("dataset.rowCount"), `${formatCount(found.before.rows)} → ${formatCount(found.after.rows)}`],
              [t("dataset.contractName"), `${found.before.contract} → ${found.after.contract}`],
            ]}
          />
          <Contract found={found} />
          <Part title={t("dataset.checksChanged")} isEmpty={!found.checks.length}>
            <ul className="space-y-1">
              {found.checks.map((one) => (
                <li key={one.rule} className="flex flex-wrap items-center gap-2">
                  <span className="font-mono text-xs wrap-anywhere">{one.rule}</span>
                  <Ended outcome={one.before} />
                  <span aria-hidden>{"→"}</span>
                  <Ended outcome={one.after} />
                </li>
              ))}
            </ul>
          </Part>
          <Part title={t("dataset.columnsChanged")} isEmpty={!found.columns.length}>
            <Shifts columns={found.columns} types={types} />
          </Part>
          {found.rows ? <Rows rows={found.rows} /> : null}
        </div>
      )}
    </Loaded>
  );
}

function Part({ title, isEmpty, children }: { title: string; isEmpty: boolean; children: ReactNode }) {
  return (
    <section aria-label={title} className="space-y-1">
      <h3 className="font-semibold">{title}</h3>
      {isEmpty ? <p className="text-ink-2">{t("dataset.noChange")}</p> : children}
    </section>
  );
}

function Contract({ found }: { found: Found }) {
  return (
    <Part title={t("dataset.contractChanged")} isEmpty={!found.changes.length}>
      <ul className="space-y-1">
        {found.changes.map((one) => (
          <li key={`${one.kind} ${one.columns} ${one.rule}`} className="flex flex-wrap items-center gap-2">
            <Badge tone={one.is_breaking ? "bad" : "plain"}>
              {one.is_breaking ? t("dataset.breaking") : t("dataset.harmless")}
            </Badge>
            <span>{changeWords(one.kind)}</span>
            <span className="font-mono text-xs wrap-anywhere">{one.rule ?? one.columns.join(", ")}</span>
            {one.before || one.after ? (
              <span className="text-ink-2">
                {one.before ?? "–"} → {one.after ?? "–"}
              </span>
            ) : null}
          </li>
        ))}
      </ul>
    </Part>
  );
}

function changeWords(kind: string): string {
  const key = `dataset.change.${kind}`;
  return hasText(key) ? t(key) : kind;
}

function Ended({ outcome }: { outcome: Shape<"Outcome"> | null }) {
  if (!outcome) return <Badge>{t("dataset.noRule")}</Badge>;
  return (
    <Status tone={outcome.passed ? "ok" : "bad"}>
      {outcome.passed ? t("dataset.kept") : t("dataset.broken")}
    </Status>
  );
}

function Shifts({ columns, types }: { columns: Found["columns"]; types: ReadonlyMap<string, string> }) {
  const range = (name: string, { minimum, maximum }: Shape<"ShiftSide">) => {
    const [from, to] = [minimum, maximum].map((text) =>
      text === null ? "–" : valueText(text, types.get(name) ?? ""),
    );
    return `${from} … ${to}`;
  };
  const share = (value: number | null) => (value === null ? "–" : formatShare(value));
  const count = (value: number | null) => (value === null ? "–" : formatCount(value));
  return (
    <Table
      label={t("dataset.columnsChanged")}
      rows={columns}
      rowKey={(one) => one.name}
      columns={[
        {
          id: "name",
          head: t("dataset.column"),
          cell: (one) => <span className="font-mono text-xs wrap-anywhere">{one.name}</span>,
        },
        {
          id: "empty",
          head: t("dataset.empty"),
          isNumber: true,
          cell: (one) => `${share(one.before.null_share)} → ${share(one.after.null_share)}`,
        },
        {
          id: "distinct",
          head: t("dataset.differentValues"),
          isNumber: true,
          hiddenBelow: "sm",
          cell: (one) =>
            `${count(one.before.approximate_distinct)} → ${count(one.after.approximate_distinct)}`,
        },
        {
          id: "range",
          head: t("dataset.range.head"),
          hiddenBelow: "md",
          cell: (one) => (
            <>
              <p className="text-ink-3">{range(one.name, one.before)}</p>
              <p>{range(one.name, one.after)}</p>
            </>
          ),
        },
      ]}
    />
  );
}

function Rows({ rows }: { rows: NonNullable<Found["rows"]> }) {
  const kinds = [
    ["added", rows.added, rows.samples.added],
    ["removed", rows.removed, rows.samples.removed],
    ["changed", rows.changed, rows.samples.changed],
  ] as const;
  return (
    <Part title={t("dataset.rowsChanged")} isEmpty={false}>
      {rows.is_counted ? (
        <ul className="space-y-1">
          {kinds.map(([kind, count, samples]) => (
            <li key={kind}>
              {t(`dataset.rows.${kind}`, { count: count ?? 0 })}
              {samples.length ? (
                <span className="ml-2 font-mono text-xs wrap-anywhere text-ink-2">
                  {samples
                    .slice(0, SHOWN_KEYS)
                    .map((key) => key.map((part) => part ?? t("shell.null")).join(" "))
                    .join(", ")}
                  {samples.length > SHOWN_KEYS ? " …" : ""}
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      ) : (
        <p className="text-ink-2">{rows.why_not ?? t("dataset.notCompared")}</p>
      )}
    </Part>
  );
}
