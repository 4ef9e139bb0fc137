import { CircleCheck } from "lucide-react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { formatCount, formatNumber } from "@/lib/format";
import { Status } from "@/ui/badge";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/state";
import { type Column, Table } from "@/ui/table";

/** What the checks of a run found, dataset by dataset; those that failed come first. */
export function Checks({ reports }: { reports: readonly Shape<"ReportFacts">[] }) {
  if (!reports.length) return <Empty icon={CircleCheck} title={t("run.noChecks")} />;
  return (
    <div className="space-y-4">
      {reports.map((report) => (
        <Panel key={report.dataset} title={t("run.checksOf", { dataset: report.dataset })} isFlush>
          <Table
            label={t("run.checksOf", { dataset: report.dataset })}
            rows={[...report.findings].sort((a, b) => Number(a.passed) - Number(b.passed))}
            rowKey={(finding) => finding.rule}
            columns={COLUMNS()}
          />
        </Panel>
      ))}
    </div>
  );
}

const COLUMNS = (): Column<Shape<"FindingFacts">>[] => [
  {
    id: "rule",
    head: t("run.rule"),
    value: (finding) => finding.rule,
    cell: (finding) => (
      <span className="flex flex-col">
        <span className="font-mono text-xs break-all">{finding.rule}</span>
        {finding.description ? <span className="text-xs text-ink-2">{finding.description}</span> : null}
      </span>
    ),
  },
  {
    id: "result",
    head: t("run.result"),
    cell: (finding) =>
      finding.passed ? (
        <Status tone="ok">{t("run.holds")}</Status>
      ) : (
        <Status tone={finding.severity === "error" ? "bad" : "warn"}>{t("run.broken")}</Status>
      ),
  },
  {
    id: "rows",
    head: t("run.brokenRows"),
    isNumber: true,
    value: (finding) => finding.failed_rows,
    cell: (finding) =>
      finding.failed_rows !== null
        ? formatCount(finding.failed_rows)
        : finding.measured !== null
          ? formatNumber(finding.measured)
          : "",
  },
  {
    id: "aside",
    head: t("run.aside"),
    isNumber: true,
    hiddenBelow: "sm",
    cell: (finding) => (finding.quarantined_rows === null ? "" : formatCount(finding.quarantined_rows)),
  },
];
