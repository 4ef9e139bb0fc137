// Values that the server tells as text, by the type that a contract gives their column.
import { formatDay, formatMoment, formatNumber } from "@/lib/format";

const NUMBER = /^(bigint|decimal|double|integer|real)\b/i;
const TIME = /^timestamp\b/i;

/** Return whether a contract's type is one of numbers. */
export function isNumberType(type: string): boolean {
  return NUMBER.test(type);
}

/** Return a value as people read it: `"261716.2200"` of a DECIMAL is "261,716.22". */
export function valueText(value: string | number, type: string): string {
  if (isNumberType(type)) return Number.isFinite(Number(value)) ? formatNumber(value) : String(value);
  if (/^date$/i.test(type)) return dayText(String(value));
  if (TIME.test(type))
    return Number.isNaN(Date.parse(String(value))) ? String(value) : formatMoment(String(value));
  return String(value);
}

/** Return a day; one that a calendar does not have, or that stands in a wrong form, stays as it is. */
function dayText(value: string): string {
  const day = `${value.slice(0, 10)}T00:00`;
  return Number.isNaN(Date.parse(day)) ? value : formatDay(day);
}
