import { useQuery } from "@tanstack/react-query";
import { Equal } from "lucide-react";
import type { Shape } from "@/api/client";
import { datasetQuery } from "@/api/queries";
import { hasText, t } from "@/i18n/texts";
import { split } from "@/lib/address";
import { formatCount, formatNumber, formatShare } from "@/lib/format";
import { valueText } from "@/lib/values";
import { Badge, Status } from "@/ui/badge";
import { Figure, Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { Table } from "@/ui/table";
import { differenceQuery } from "./queries";

/** What is different in a dataset between two releases: rows, promises, checks, and how columns look. */
export function Difference({ name, from, to }: { name: string; from: number; to: number }) {
  const query = useQuery(differenceQuery(name, from, to));
  const { domain, rest } = split(name);
  const dataset = useQuery(datasetQuery(domain, rest));
  const types = new Map(dataset.data?.columns.map((column) => [column.name, column.type]));
  return (
    <Loaded query={query} missing={<Empty title={t("release.notInBoth")} />}>
      {(found) => (
        <div className="space-y-4">
          <Rows found={found} />
          {found.changes.length ? <Promises found={found} /> : null}
          {found.checks.length ? <CheckChanges checks={found.checks} /> : null}
          {found.columns.length ? <Columns columns={found.columns} types={types} /> : null}
          {isSame(found) ? (
            <Empty icon={Equal} title={t("release.same")}>
              {t("release.sameDetail")}
            </Empty>
          ) : null}
        </div>
      )}
    </Loaded>
  );
}

function isSame(found: Shape<"DifferenceFacts">): boolean {
  const { rows } = found;
  const moved = rows ? (rows.added ?? 0) + (rows.removed ?? 0) + (rows.changed ?? 0) : 0;
  return (
    !moved &&
    !found.changes.length &&
    !found.checks.length &&
    !found.columns.length &&
    found.before.rows === found.after.rows
  );
}

function Rows({ found }: { found: Shape<"DifferenceFacts"> }) {
  const { rows } = found;
  const samples = rows
    ? (["added", "removed", "changed"] as const).filter((kind) => rows.samples[kind].length)
    : [];
  return (
    <>
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        <Figure
          name={t("release.rows")}
          value={formatCount(found.after.rows)}
          note={t("release.before", { value: formatCount(found.before.rows) })}
        />
        {rows?.is_counted
          ? (["added", "removed", "changed"] as const).map((kind) => (
              <Figure
                key={kind}
                name={t(`release.${kind}`)}
                value={rows[kind] === null ? t("release.none") : formatCount(rows[kind])}
              />
            ))
          : null}
      </div>
      {rows?.why_not ? <p className="text-sm text-ink-2">{rows.why_not}</p> : null}
      {rows && samples.length ? (
        <Panel title={t("release.samples", { key: rows.key.join(", ") })}>
          <dl className="space-y-2 text-sm">
            {samples.map((kind) => (
              <div key={kind}>
                <dt className="text-xs text-ink-3">{t(`release.${kind}`)}</dt>
                <dd className="flex flex-wrap gap-1.5 font-mono text-xs">
                  {rows.samples[kind].map((key) => (
                    <span key={key.join("\u0000")} className="rounded bg-sunken px-1.5 py-0.5 break-all">
                      {key.map((part) => part ?? t("shell.null")).join(" · ")}
                    </span>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </Panel>
      ) : null}
    </>
  );
}

function Promises({ found }: { found: Shape<"DifferenceFacts"> }) {
  return (
    <Panel
      title={t("release.contract", { before: found.contract.before, after: found.contract.after })}
      actions={
        found.contract.suffices ? null : (
          <Status tone="warn">{t("release.tooSmall", { needed: found.contract.needed })}</Status>
        )
      }
      isFlush
    >
      <Table
        label={t("release.contractChanges")}
        rows={found.changes}
        rowKey={(one) => `${one.kind} ${one.columns.join(" ")} ${one.rule ?? ""}`}
        columns={[
          { id: "what", head: t("release.what"), cell: (one) => wordOf("change", one.kind) },
          {
            id: "of",
            head: t("release.of"),
            cell: (one) => <span className="font-mono text-xs">{one.rule ?? one.columns.join(", ")}</span>,
          },
          { id: "before", head: t("release.was"), hiddenBelow: "sm", cell: (one) => one.before ?? "" },
          { id: "after", head: t("release.is"), cell: (one) => one.after ?? "" },
          {
            id: "breaking",
            head: <span className="sr-only">{t("release.breaking")}</span>,
            cell: (one) => (one.is_breaking ? <Badge tone="bad">{t("release.breaking")}</Badge> : null),
          },
        ]}
      />
    </Panel>
  );
}

function CheckChanges({ checks }: { checks: readonly Shape<"CheckChange">[] }) {
  const told = (outcome: Shape<"Outcome"> | null) =>
    outcome === null ? t("release.noRule") : outcome.passed ? t("run.holds") : t("run.broken");
  return (
    <Panel title={t("release.checkChanges")} isFlush>
      <Table
        label={t("release.checkChanges")}
        rows={checks}
        rowKey={(one) => one.rule}
        columns={[
          {
            id: "rule",
            head: t("run.rule"),
            cell: (one) => <span className="font-mono text-xs break-all">{one.rule}</span>,
          },
          { id: "before", head: t("release.was"), cell: (one) => told(one.before) },
          { id: "after", head: t("release.is"), cell: (one) => told(one.after) },
        ]}
      />
    </Panel>
  );
}

function Columns({
  columns,
  types,
}: {
  columns: readonly Shape<"ColumnShift">[];
  /** The type of each column, by its name. */
  types: ReadonlyMap<string, string>;
}) {
  const side = (column: Shape<"ColumnShift">, which: "before" | "after") => (
    <Side side={column[which]} type={types.get(column.name) ?? ""} />
  );
  return (
    <Panel title={t("release.columnChanges")} isFlush>
      <Table
        label={t("release.columnChanges")}
        rows={columns}
        rowKey={(column) => column.name}
        columns={[
          {
            id: "name",
            head: t("release.column"),
            cell: (column) => <span className="font-mono text-xs wrap-anywhere">{column.name}</span>,
          },
          {
            id: "how",
            head: t("release.moved"),
            hiddenBelow: "sm",
            cell: (column) => column.shifts.map((shift) => wordOf("shift", shift)).join(", "),
          },
          { id: "before", head: t("release.was"), cell: (column) => side(column, "before") },
          { id: "after", head: t("release.is"), cell: (column) => side(column, "after") },
        ]}
      />
    </Panel>
  );
}

function Side({ side, type }: { side: Shape<"ShiftSide">; type: string }) {
  const told = [
    side.minimum === null || side.maximum === null
      ? ""
      : t("release.between", { low: valueText(side.minimum, type), high: valueText(side.maximum, type) }),
    side.mean === null ? "" : t("release.mean", { value: formatNumber(Number(side.mean.toPrecision(6))) }),
    side.approximate_distinct === null ? "" : t("release.distinct", { count: side.approximate_distinct }),
    side.null_share ? t("release.nulls", { share: formatShare(side.null_share) }) : "",
  ].filter(Boolean);
  return (
    <span className="flex flex-col text-xs text-ink-2">
      {told.map((one) => (
        <span key={one} className="wrap-anywhere">
          {one}
        </span>
      ))}
    </span>
  );
}

function wordOf(group: "change" | "shift", word: string): string {
  const key = `release.${group}.${word.replace(":", ".")}`;
  return hasText(key) ? t(key) : word.replace(":", " ").replace("_", " ");
}
