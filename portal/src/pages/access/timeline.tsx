import { useQuery } from "@tanstack/react-query";
import {
  Ban,
  CalendarPlus,
  Check,
  ClipboardCheck,
  FilePlus,
  Hourglass,
  type LucideIcon,
  Scissors,
  Undo2,
  X,
} from "lucide-react";
import type { ReactNode } from "react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { formatMoment } from "@/lib/format";
import { Loaded } from "@/ui/state";
import { Time } from "@/ui/time";
import { Name } from "./names";
import { historyQuery } from "./queries";

type Event = Shape<"AgreementEvent">;
const ICONS: Record<Event, LucideIcon> = {
  approved: Check,
  denied: X,
  expired: Hourglass,
  narrowed: Scissors,
  reassessed: ClipboardCheck,
  renewed: CalendarPlus,
  requested: FilePlus,
  revoked: Ban,
  withdrawn: Undo2,
};

/** Everything that happened to a request and its agreement, the newest last; `waits` stands below it. */
export function Timeline({ id, waits }: { id: string; waits?: ReactNode }) {
  const history = useQuery(historyQuery(id));
  return (
    <Loaded query={history}>
      {(entries) => (
        <ol className="space-y-3">
          {entries.map((entry) => {
            const Icon = ICONS[entry.event];
            const reason = String(entry.detail["reason"] ?? entry.detail["justification"] ?? "");
            return (
              <li key={`${entry.at} ${entry.event}`} className="flex gap-2.5 text-sm">
                <span className="flex size-6 shrink-0 items-center justify-center rounded-full bg-sunken">
                  <Icon className="size-3.5 text-ink-2" aria-hidden />
                </span>
                <div className="min-w-0">
                  <p>
                    <span className="font-medium">{t(`access.event.${entry.event}`)}</span>{" "}
                    {entry.by === "time" ? null : <Name id={entry.by} />}{" "}
                    <span className="text-xs text-ink-3">
                      <Time at={entry.at} />
                    </span>
                  </p>
                  <Changes event={entry.event} detail={entry.detail} />
                  {reason ? <p className="text-ink-2 wrap-anywhere">{reason}</p> : null}
                </div>
              </li>
            );
          })}
          {waits ? (
            <li className="flex gap-2.5 text-sm">
              <span className="flex size-6 shrink-0 items-center justify-center rounded-full bg-info-soft">
                <Hourglass className="size-3.5 text-info" aria-hidden />
              </span>
              <div className="min-w-0">{waits}</div>
            </li>
          ) : null}
        </ol>
      )}
    </Loaded>
  );
}

/** What a change left, in a line. */
function Changes({ event, detail }: { event: Event; detail: { [name: string]: unknown } }) {
  if (!["approved", "narrowed", "renewed"].includes(event)) return null;
  const columns = Array.isArray(detail["columns"]) ? detail["columns"].length : null;
  const until = typeof detail["until"] === "string" ? detail["until"] : null;
  if (columns === null || until === null) return null;
  return (
    <p className="text-xs text-ink-2">
      {t("access.columnCount", { count: columns })} · {t("access.untilDay", { day: formatMoment(until) })}
    </p>
  );
}
