import { Pencil } from "lucide-react";
import { t } from "@/i18n/texts";
import { Status, type Tone } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { Table } from "@/ui/table";
import type { Row } from "./queries";
import { reasonOf } from "./reason";

const TONES: Record<string, Tone> = { open: "warn", fixed: "info", released: "ok", discarded: "plain" };

/** Rows that were set aside, each with its reason; those that are chosen can be given up together. */
export function Rows({
  rows,
  chosen,
  onChoose,
  onEdit,
  onDiscard,
}: {
  rows: readonly Row[];
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
  onEdit: (row: Row) => void;
  onDiscard: () => void;
}) {
  const choosable = rows.filter(canDiscard);
  const isAll = choosable.length > 0 && choosable.every((row) => chosen.has(row.id));
  const toggle = (row: Row) => {
    const next = new Set(chosen);
    if (!next.delete(row.id)) next.add(row.id);
    onChoose(next);
  };
  return (
    <Panel
      title={t("quarantine.rows")}
      actions={
        <Button size="small" kind="danger" disabled={!chosen.size} onClick={onDiscard}>
          {chosen.size ? t("quarantine.discard", { count: chosen.size }) : t("quarantine.discardNone")}
        </Button>
      }
      isFlush
    >
      <Table
        label={t("quarantine.rows")}
        rows={rows}
        rowKey={(row) => row.id}
        columns={[
          {
            id: "chosen",
            head: (
              <input
                type="checkbox"
                className="size-4 accent-accent"
                aria-label={t("quarantine.chooseAll")}
                checked={isAll}
                disabled={!choosable.length}
                onChange={() => onChoose(new Set(isAll ? [] : choosable.map((row) => row.id)))}
              />
            ),
            cell: (row) =>
              canDiscard(row) ? (
                <input
                  type="checkbox"
                  className="size-4 accent-accent"
                  aria-label={t("quarantine.choose", { row: whereOf(row) })}
                  checked={chosen.has(row.id)}
                  onChange={() => toggle(row)}
                />
              ) : null,
          },
          { id: "why", head: t("quarantine.reason"), cell: (row) => <Why row={row} /> },
          {
            id: "content",
            head: t("quarantine.content"),
            hiddenBelow: "sm",
            className: "max-w-[420px]",
            cell: (row) => (
              <code className="line-clamp-3 font-mono text-xs break-all whitespace-pre-wrap">
                {contentOf(row)}
              </code>
            ),
          },
          {
            id: "where",
            head: t("quarantine.where"),
            hiddenBelow: "md",
            cell: (row) => <span className="font-mono text-xs break-all">{whereOf(row)}</span>,
          },
          {
            id: "edit",
            head: <span className="sr-only">{t("quarantine.edit")}</span>,
            cell: (row) => (
              <Button
                size="iconSmall"
                kind="quiet"
                aria-label={t("quarantine.open", { row: whereOf(row) })}
                onClick={() => onEdit(row)}
              >
                <Pencil aria-hidden />
              </Button>
            ),
          },
        ]}
      />
    </Panel>
  );
}

function Why({ row }: { row: Row }) {
  const state = t(`quarantine.state.${row.state as "open"}`);
  const reasons = row.refused ? [row.refused.reason] : row.reasons;
  // Of a row that broke rules the reasons say it all.
  const detail = row.note ?? row.refused?.message ?? (row.values === null ? row.message : null);
  return (
    <span className="flex flex-col items-start gap-1">
      <Status tone={TONES[row.state] ?? "plain"}>{state}</Status>
      <span className="text-sm">{reasons.map(reasonOf).join(", ")}</span>
      {detail ? <span className="max-w-[48ch] text-xs break-words text-ink-2">{plain(detail)}</span> : null}
    </span>
  );
}

export function canDiscard(row: Row): boolean {
  return row.state === "open" || row.state === "fixed";
}

/** Return where a row stood: the line of a file, or the step that made it. */
export function whereOf(row: Row): string {
  return row.file === null ? row.step : t("quarantine.line", { file: row.file, line: row.line ?? 0 });
}

function contentOf(row: Row): string {
  if (row.values === null) return row.fixed_raw ?? row.raw ?? "";
  const edits = row.fixed_values ?? {};
  return row.values
    .map(({ column, value }) => `${column}: ${(column in edits ? edits[column] : value) ?? t("shell.null")}`)
    .join("\n");
}

/** Return a message without the marks that programmers put around names. */
export function plain(message: string): string {
  return message.replaceAll("`", "");
}
