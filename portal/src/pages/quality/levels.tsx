import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { formatDuration, formatMoment, formatShare } from "@/lib/format";
import { Status } from "@/ui/badge";
import { Meter } from "@/ui/meter";
import { Time } from "@/ui/time";
import { levelWords } from "./words";

type Level = Shape<"LevelFacts"> & { missed?: readonly Shape<"MissedSpan">[] };
const SHOWN_SPANS = 5;

/** Service levels: what is promised, whether it holds now, and how much of the error budget is left. */
export function Levels({ levels }: { levels: readonly Level[] }) {
  return (
    <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-panel">
      {levels.map((level) => (
        <li key={level.level} className="flex flex-wrap items-start gap-x-4 gap-y-2 px-3 py-2 text-sm">
          <div className="min-w-0 flex-1 basis-52">
            <p className="font-medium">{levelWords(level.level)}</p>
            <p className="text-xs text-ink-2">
              {level.target_percent === null
                ? t("quality.promise", { objective: level.objective })
                : t("quality.promiseFor", {
                    objective: level.objective,
                    target: formatShare(level.target_percent / 100),
                  })}
            </p>
          </div>
          <div className="w-44 text-xs text-ink-2">
            <LevelStatus level={level} />
            {level.due_at ? (
              <p>
                {level.is_met ? t("quality.nextBy") : t("quality.dueSince")} <Time at={level.due_at} />
              </p>
            ) : null}
          </div>
          <div className="w-56 text-xs text-ink-2">
            {level.budget ? <Budget budget={level.budget} /> : <p>{t("quality.noBudget")}</p>}
          </div>
          {level.missed?.length ? <Missed spans={level.missed} /> : null}
        </li>
      ))}
    </ul>
  );
}

export function LevelStatus({ level }: { level: Level }) {
  if (level.is_met === null) return <Status tone="plain">{t("quality.notYet")}</Status>;
  return (
    <Status tone={level.is_met ? "ok" : "bad"}>
      {level.is_met ? t("quality.kept") : t("quality.missed")}
    </Status>
  );
}

/** How much of the time in which a level may be missed is left. */
export function Budget({ budget }: { budget: Shape<"BudgetFacts"> }) {
  const { allowed_s: allowed, remaining_s: remaining, window_s: window } = budget;
  const share = allowed ? remaining / allowed : 0;
  const words =
    remaining >= 0
      ? t("quality.budgetLeft", { left: formatDuration(remaining), allowed: formatDuration(allowed) })
      : t("quality.budgetOver", { over: formatDuration(-remaining), allowed: formatDuration(allowed) });
  return (
    <div className="space-y-1" title={t("quality.budgetWindow", { window: formatDuration(window) })}>
      <Meter share={share} label={words} tone={share > 0.5 ? "ok" : share > 0 ? "warn" : "bad"} />
      <p>{words}</p>
    </div>
  );
}

function Missed({ spans }: { spans: readonly Shape<"MissedSpan">[] }) {
  const latest = [...spans].reverse();
  return (
    <details className="basis-full text-xs text-ink-2">
      <summary>{t("quality.missedTimes", { count: spans.length })}</summary>
      <ul className="mt-1 list-disc space-y-0.5 pl-5">
        {latest.slice(0, SHOWN_SPANS).map((span) => (
          <li key={span.since}>
            {t("quality.missedSpan", {
              since: formatMoment(span.since),
              until: formatMoment(span.until),
              length: formatDuration((Date.parse(span.until) - Date.parse(span.since)) / 1000),
            })}
          </li>
        ))}
      </ul>
    </details>
  );
}
