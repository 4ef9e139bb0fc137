import { t } from "@/i18n/texts";
import { Field, Input, Select } from "@/ui/field";

export const DAYS = [30, 90, 180, 365] as const;
const DAY_MS = 86_400_000;

/** Return the end of the day that is so many days ahead, or of one that is named; undefined if that is none. */
export function endOf(days: number | undefined, day?: string): string | undefined {
  const end = day === undefined ? new Date(Date.now() + (days ?? 0) * DAY_MS) : new Date(`${day}T00:00:00`);
  // The last moment of the day: the same whenever it is asked for.
  end.setHours(23, 59, 59, 0);
  return Number.isNaN(end.getTime()) ? undefined : end.toISOString();
}

/** Return the day that is so many days ahead where whoever looks is, as a field for days has it: `2026-01-31`. */
function inDays(count: number): string {
  const day = new Date();
  day.setDate(day.getDate() + count);
  const parts = [day.getFullYear(), day.getMonth() + 1, day.getDate()];
  return parts.map((part) => String(part).padStart(2, "0")).join("-");
}

/** Until when: so many days, or a day. */
export function EndChoice({
  days,
  day,
  label = t("access.untilWhen"),
  none,
  onChoose,
}: {
  days: number | undefined;
  day: string | undefined;
  label?: string;
  /** What it is called when nothing is chosen; without it something has to be. */
  none?: string;
  onChoose: (choice: { days: number | undefined; day: string | undefined }) => void;
}) {
  const chosen = day === undefined ? (days === undefined ? "" : String(days)) : "day";
  return (
    <div className="flex flex-wrap items-end gap-2">
      <Field label={label}>
        <Select
          className="w-auto!"
          value={chosen}
          onChange={({ target: { value } }) => {
            if (value === "day") onChoose({ days: undefined, day: inDays(days ?? 90) });
            else onChoose({ days: value ? Number(value) : undefined, day: undefined });
          }}
        >
          {none ? <option value="">{none}</option> : null}
          {DAYS.map((one) => (
            <option key={one} value={one}>
              {t("access.days", { count: one })}
            </option>
          ))}
          <option value="day">{t("access.untilDate")}</option>
        </Select>
      </Field>
      {day === undefined ? null : (
        <Field label={t("access.lastDay")}>
          <Input
            type="date"
            className="w-auto!"
            required
            min={inDays(1)}
            max={inDays(365)}
            value={day}
            // While somebody types there may be no day, and then there would be no field to type into.
            onChange={({ target: { value } }) => value && onChoose({ days: undefined, day: value })}
          />
        </Field>
      )}
    </div>
  );
}
