// Numbers, times and sizes as people read them, by `Intl` alone.
import { language } from "@/i18n/texts";

const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const decimal = new Intl.NumberFormat(language, { maximumFractionDigits: 6 });
const fixedBy = new Map<number, Intl.NumberFormat>();
const short = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
const share = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "long" });
const day = new Intl.DateTimeFormat(language, { dateStyle: "medium" });
const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const clock = new Intl.DateTimeFormat(language, { timeStyle: "medium" });
const exact = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "long" });
const days_ = new Intl.NumberFormat(language, { style: "unit", unit: "day", unitDisplay: "long" });
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const SIZES = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 30.44],
  ["month", 12],
  ["year", Number.POSITIVE_INFINITY],
];

export const formatCount = (count: number) => whole.format(count);
export const formatShort = (count: number) => short.format(count);
export const formatShare = (part: number) => share.format(part);
/** Format a day, or the day of a time; `2026-01-31` is that day everywhere, also west of Greenwich. */
export const formatDay = (time: Date | string) =>
  day.format(new Date(typeof time === "string" && DAY.test(time) ? `${time}T00:00` : time));
export const formatClock = (time: Date | string) => clock.format(new Date(time));
export const formatMoment = (time: Date | string) => moment.format(new Date(time));
export const formatExact = (time: Date | string) => exact.format(new Date(time));

/** Format a number that may be a text, since JSON's numbers lose digits: `"1234.50"`; with so many digits after the point. */
export function formatNumber(value: number | string, digits?: number): string {
  return (digits === undefined ? decimal : fixed(digits)).format(value as number);
}

export function formatBytes(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), SIZES.length - 1);
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: SIZES[step],
    unitDisplay: step ? "short" : "long",
    maximumFractionDigits: step ? 1 : 0,
  }).format(bytes / 1000 ** step);
}

/** Format how long ago something was, or how far ahead it is: "12 minutes ago", "in 3 days". */
export function formatRelative(time: Date | string, now: Date = new Date()): string {
  let amount = (new Date(time).getTime() - now.getTime()) / 1000;
  for (const [unit, size] of STEPS) {
    if (Math.abs(Math.round(amount)) < size) return relative.format(Math.round(amount), unit);
    amount /= size;
  }
  return formatDay(time);
}

/** Format how long something took. */
export function formatDuration(seconds: number): string {
  const [unit, value] =
    seconds < 1
      ? (["millisecond", seconds * 1000] as const)
      : seconds < 90
        ? (["second", seconds] as const)
        : seconds < 5400
          ? (["minute", seconds / 60] as const)
          : seconds < 172_800
            ? (["hour", seconds / 3600] as const)
            : (["day", seconds / 86_400] as const);
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: value < 10 && unit !== "millisecond" ? 1 : 0,
  }).format(value);
}

/** Format how long somebody waits, to the second: "2 days 3:04:05". */
export function formatElapsed(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const clock = [Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60, whole % 60]
    .map((part, place) => String(part).padStart(place ? 2 : 1, "0"))
    .join(":");
  const days = Math.floor(whole / 86_400);
  return days ? `${days_.format(days)} ${clock}` : clock;
}

function fixed(digits: number): Intl.NumberFormat {
  const shown = Math.min(digits, 20);
  const known = fixedBy.get(shown);
  if (known) return known;
  const made = new Intl.NumberFormat(language, {
    minimumFractionDigits: shown,
    maximumFractionDigits: shown,
  });
  fixedBy.set(shown, made);
  return made;
}
