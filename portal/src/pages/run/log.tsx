import { useQuery } from "@tanstack/react-query";
import { t } from "@/i18n/texts";
import { formatClock, formatExact } from "@/lib/format";
import { logQuery } from "@/pages/runs/queries";
import { Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";

/** What a run said, line by line; it grows while the run goes on. */
export function Log({ run }: { run: string }) {
  const log = useQuery(logQuery(run));
  return (
    <Loaded query={log}>
      {({ lines }) =>
        lines.length ? (
          <Panel>
            <ol className="space-y-1 font-mono text-xs" aria-live="polite" aria-label={t("run.log")}>
              {lines.map((line) => (
                <li key={line.number} className="flex gap-3">
                  <time
                    dateTime={line.at}
                    title={formatExact(line.at)}
                    className="tnum shrink-0 whitespace-nowrap text-ink-3"
                  >
                    {formatClock(line.at)}
                  </time>
                  <span className="min-w-0 break-words whitespace-pre-wrap">{line.text}</span>
                </li>
              ))}
            </ol>
          </Panel>
        ) : (
          <Empty title={t("run.noLog")} />
        )
      }
    </Loaded>
  );
}
