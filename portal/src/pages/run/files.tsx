import { File } from "lucide-react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { formatBytes, formatCount } from "@/lib/format";
import { Status } from "@/ui/badge";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/state";
import { type Column, Table } from "@/ui/table";

type Row = Shape<"FileFacts"> & { step: string };

/** What became of each file that a run read: read = taken + set aside. */
export function Files({ steps }: { steps: readonly Shape<"StepFacts">[] }) {
  const rows = steps.flatMap((step) => step.files.map((file) => ({ ...file, step: step.step })));
  if (!rows.length) return <Empty icon={File} title={t("run.noFiles")} />;
  return (
    <Panel isFlush>
      <Table
        label={t("run.files")}
        rows={rows}
        rowKey={(row) => `${row.step} ${row.path}`}
        columns={COLUMNS()}
      />
    </Panel>
  );
}

const COLUMNS = (): Column<Row>[] => [
  {
    id: "file",
    head: t("run.file"),
    value: (row) => row.path,
    cell: (row) => (
      <span className="flex flex-col items-start gap-1">
        <span className="font-mono text-xs break-all">{row.path}</span>
        {row.refused ? <Status tone="bad">{row.refused}</Status> : null}
        {row.unread.length ? (
          <span className="text-xs text-ink-3">{t("run.unread", { names: row.unread.join(", ") })}</span>
        ) : null}
      </span>
    ),
  },
  { id: "step", head: t("run.source"), hiddenBelow: "sm", value: (row) => row.step, cell: (row) => row.step },
  {
    id: "read",
    head: t("run.read"),
    isNumber: true,
    value: (row) => row.read,
    cell: (row) => formatCount(row.read),
  },
  {
    id: "landed",
    head: t("run.taken"),
    isNumber: true,
    value: (row) => row.landed,
    cell: (row) => formatCount(row.landed),
  },
  {
    id: "aside",
    head: t("run.aside"),
    isNumber: true,
    value: (row) => row.quarantined,
    cell: (row) => formatCount(row.quarantined),
  },
  {
    id: "size",
    head: t("run.size"),
    isNumber: true,
    hiddenBelow: "md",
    value: (row) => row.byte_count,
    cell: (row) => formatBytes(row.byte_count),
  },
];
