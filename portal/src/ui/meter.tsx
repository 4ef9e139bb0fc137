import { classes } from "@/lib/classes";

const FILL = { ok: "bg-ok", warn: "bg-warn", bad: "bg-bad", plain: "bg-(--chart-1)" } as const;

/** A share as a bar; its words stand beside it. */
export function Meter({
  share,
  label,
  tone = "plain",
}: {
  /** From 0 to 1. */
  share: number;
  label: string;
  tone?: keyof typeof FILL;
}) {
  const percent = Math.max(0, Math.min(share, 1)) * 100;
  return (
    <div
      role="img"
      aria-label={label}
      title={label}
      className="h-1.5 w-full min-w-12 overflow-hidden rounded-full bg-line"
    >
      <div className={classes("h-full rounded-full", FILL[tone])} style={{ width: `${percent}%` }} />
    </div>
  );
}

/** The bars of a small histogram. */
export function Histogram({ counts, label }: { counts: readonly number[]; label: string }) {
  const most = Math.max(...counts, 1);
  return (
    <div role="img" aria-label={label} title={label} className="flex h-10 items-end gap-px">
      {counts.map((count, place) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: bins keep their order
          key={place}
          className="min-w-px flex-1 rounded-t-xs bg-(--chart-1)"
          style={{ height: count ? `max(2px, ${(count / most) * 100}%)` : 0 }}
        />
      ))}
    </div>
  );
}
