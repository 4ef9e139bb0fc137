import { t } from "@/i18n/texts";
import { Field, Input } from "@/ui/field";

/** From which day until which, both included. */
export function Period({
  draft,
  fill,
}: {
  draft: { since: string; until: string };
  fill: (part: { since?: string; until?: string }) => void;
}) {
  return (
    <>
      <Field label={t("governance.since")}>
        <Input
          type="date"
          value={draft.since}
          max={draft.until || undefined}
          onChange={(event) => fill({ since: event.target.value })}
        />
      </Field>
      <Field label={t("governance.until")}>
        <Input
          type="date"
          value={draft.until}
          min={draft.since || undefined}
          onChange={(event) => fill({ until: event.target.value })}
        />
      </Field>
    </>
  );
}

/** Return a period as the server takes it: days of whoever looks, the last one included. */
export function periodOf(since?: string, until?: string): { since?: string; until?: string } {
  const begin = since ? new Date(`${since}T00:00`) : undefined;
  const end = until ? new Date(`${until}T00:00`) : undefined;
  // The next midnight, also on a day that has 23 hours.
  end?.setDate(end.getDate() + 1);
  return {
    since: begin && !Number.isNaN(begin.getTime()) ? begin.toISOString() : undefined,
    until: end && !Number.isNaN(end.getTime()) ? end.toISOString() : undefined,
  };
}
