import { Link } from "@tanstack/react-router";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { formatCount, formatMoment } from "@/lib/format";
import { runLink } from "@/lib/links";
import { Badge, Status } from "@/ui/badge";
import { HeatStrip } from "@/ui/heat";
import { Time } from "@/ui/time";
import { kindWords, severityWords } from "./words";

type Rule = Shape<"RuleFacts">;
type Result = Shape<"RuleResult">;

/** Rules with their last results: how each holds now, and how it held in the last checks. */
export function Rules({ rules }: { rules: readonly Rule[] }) {
  return (
    <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-panel">
      {rules.map((rule) => (
        <RuleRow key={rule.rule} rule={rule} />
      ))}
    </ul>
  );
}

function RuleRow({ rule }: { rule: Rule }) {
  const last = rule.results[0];
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-3 py-2 text-sm">
      <div className="min-w-0 flex-1 basis-64">
        <p className="wrap-anywhere">
          {rule.description || !rule.columns.length ? (
            <span className="font-medium">{rule.description || kindWords(rule.kind)}</span>
          ) : (
            <>
              <span className="font-mono text-xs font-medium">{rule.columns.join(", ")}</span>{" "}
              <span className="text-ink-2">{kindWords(rule.kind)}</span>
            </>
          )}{" "}
          {rule.severity === "error" ? null : <Badge>{severityWords(rule.severity)}</Badge>}
        </p>
        {rule.description ? (
          <p className="text-xs text-ink-3">
            <span className="font-mono">{rule.columns.join(", ")}</span> {kindWords(rule.kind)}
          </p>
        ) : null}
      </div>
      <HeatStrip label={stripWords(rule.results)} cells={[...rule.results].reverse().map(cellOf)} />
      <div className="w-40 text-xs text-ink-2">
        {last ? (
          <>
            <Status tone={last.passed ? "ok" : rule.severity === "error" ? "bad" : "warn"}>
              {last.passed ? t("quality.kept") : t("quality.broken")}
            </Status>{" "}
            <Link to={runLink(last.run)} className="hover:underline">
              <Time at={last.at} />
            </Link>
            <p>{rowsWords(last)}</p>
          </>
        ) : (
          <Status tone="plain">{t("quality.neverChecked")}</Status>
        )}
      </div>
    </li>
  );
}

function cellOf(result: Result) {
  const words = result.passed ? t("quality.kept") : t("quality.broken");
  return {
    key: result.run,
    isGood: result.passed,
    title: t("quality.resultAt", { result: words, time: formatMoment(result.at) }),
  };
}

/** What the strip shows, in words. */
function stripWords(results: readonly Result[]): string {
  const broken = results.filter((one) => !one.passed);
  const held = t("quality.held", { kept: results.length - broken.length, count: results.length });
  const last = broken[0];
  return last ? `${held} ${t("quality.lastBroken", { time: formatMoment(last.at) })}` : held;
}

function rowsWords({ failed_rows: failed, rows, quarantined_rows: aside }: Result): string {
  const words = [
    failed && rows ? t("quality.failedRows", { count: failed, of: formatCount(rows) }) : "",
    aside ? t("quality.setAside", { count: aside }) : "",
  ];
  return words.filter(Boolean).join(" ");
}
