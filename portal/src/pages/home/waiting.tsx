import { Link } from "@tanstack/react-router";
import {
  CalendarClock,
  CircleAlert,
  Inbox,
  Lightbulb,
  type LucideIcon,
  MessageSquareWarning,
  RotateCw,
} from "lucide-react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { agreementLink, demandLink, incidentLink, requestLink, ticketLink } from "@/lib/links";
import { shortName } from "@/lib/principal";
import { Panel } from "@/ui/panel";
import { Time } from "@/ui/time";

type Duty = Shape<"DutyFacts">;

const LOOK: Record<Duty["kind"], { icon: LucideIcon; link: (id: string) => string }> = {
  agreement_ends: { icon: CalendarClock, link: agreementLink },
  agreement_reassess: { icon: RotateCw, link: agreementLink },
  incident: { icon: CircleAlert, link: incidentLink },
  request: { icon: Inbox, link: requestLink },
  ticket: { icon: MessageSquareWarning, link: ticketLink },
  wish: { icon: Lightbulb, link: demandLink },
};

/** What waits for whoever looks: what is due first stands first. */
export function Waiting({ duties }: { duties: readonly Duty[] }) {
  return (
    <Panel
      title={t("home.waiting")}
      isFlush
      actions={
        duties.length ? (
          <span className="tnum text-xs text-ink-3">{t("home.waitingCount", { count: duties.length })}</span>
        ) : null
      }
    >
      {duties.length ? (
        <ul className="divide-y divide-line">
          {duties.map((duty) => (
            <Line key={`${duty.kind} ${duty.id}`} duty={duty} />
          ))}
        </ul>
      ) : (
        <p className="px-4 py-3 text-sm text-ink-2">{t("home.nothingWaits")}</p>
      )}
    </Panel>
  );
}

function Line({ duty }: { duty: Duty }) {
  const { icon: Icon, link } = LOOK[duty.kind];
  return (
    <li className="relative flex items-start gap-3 px-4 py-2 hover:bg-sunken">
      <Icon className="mt-0.5 size-4 shrink-0 text-ink-3" aria-hidden />
      <div className="min-w-0 flex-1 text-sm">
        <Link
          to={link(duty.id)}
          className="font-medium break-words text-accent after:absolute after:inset-0 hover:underline"
        >
          {title(duty)}
        </Link>
        <p className="text-xs text-ink-2">{t(`home.todo.${duty.kind}`)}</p>
      </div>
      <span className="shrink-0 text-right text-xs text-ink-2">
        <Time at={duty.kind === "agreement_ends" && duty.due_at ? duty.due_at : duty.since} />
      </span>
    </li>
  );
}

function title(duty: Duty): string {
  const values = { about: duty.about, who: shortName(duty.by ?? "") };
  if (duty.kind === "agreement_ends" && duty.is_own) return t("home.duty.own_agreement_ends", values);
  return t(`home.duty.${duty.kind}`, values);
}
