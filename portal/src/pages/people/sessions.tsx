import { t } from "@/i18n/texts";
import { formatMoment } from "@/lib/format";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Empty } from "@/ui/state";
import { Table } from "@/ui/table";
import { Time } from "@/ui/time";
import type { Session } from "./queries";

/** Where somebody is signed in; with `onEnd` each can be ended. */
export function Sessions({
  sessions,
  isEnding,
  onEnd,
}: {
  sessions: readonly Session[];
  isEnding?: boolean;
  onEnd?: ((session: Session) => void) | undefined;
}) {
  if (sessions.length === 0) return <Empty title={t("people.noSessions")} />;
  return (
    <Table
      label={t("people.sessions")}
      rows={sessions}
      rowKey={(one) => one.id}
      columns={[
        {
          id: "begun",
          head: t("people.begun"),
          cell: (one) => (
            <>
              <Time at={one.begun_at} />{" "}
              {one.is_current ? <Badge tone="info">{t("people.thisOne")}</Badge> : null}
            </>
          ),
        },
        { id: "purpose", head: t("people.purpose"), cell: (one) => one.purpose },
        {
          id: "address",
          head: t("people.address"),
          cell: (one) => <span className="font-mono text-xs">{one.address}</span>,
          hiddenBelow: "sm",
        },
        {
          id: "used",
          head: t("people.used"),
          cell: (one) => <Time at={one.used_at} />,
          hiddenBelow: "md",
        },
        ...(onEnd
          ? [
              {
                id: "end",
                head: <span className="sr-only">{t("people.end")}</span>,
                cell: (one: Session) =>
                  one.is_current ? null : (
                    <Button
                      size="small"
                      disabled={isEnding}
                      aria-label={`${t("people.end")}: ${formatMoment(one.begun_at)}`}
                      onClick={() => onEnd(one)}
                    >
                      {t("people.end")}
                    </Button>
                  ),
                className: "text-right",
              },
            ]
          : []),
      ]}
    />
  );
}
