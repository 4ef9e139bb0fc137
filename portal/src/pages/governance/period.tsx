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

const DAY_MS = 86_400_000;

/** Return a period as the server takes it: days of whoever looks, the last one included. */
export function periodOf(since?: string, until?: string): { since?: string; until?: string } {
  const begin = since ? new Date(`${since}T00:00`) : undefined;
  const last = until ? new Date(`${until}T00:00`) : undefined;
  return {
    since: begin && !Number.isNaN(begin.getTime()) ? begin.toISOString() : undefined,
    until:
      last && !Number.isNaN(last.getTime()) ? new Date(last.getTime() + DAY_MS).toISOString() : undefined,
  };
}
