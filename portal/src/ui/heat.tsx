import { classes } from "@/lib/classes";

export interface HeatCell {
  key: string;
  /** Null where nothing is known. */
  isGood: boolean | null;
  /** What it was, for whoever points at it. */
  title: string;
}

/** Many results in a row, the oldest first: one that was bad is taller and hollow, not only of another colour. */
export function HeatStrip({ label, cells }: { label: string; cells: readonly HeatCell[] }) {
  return (
    <div role="img" aria-label={label} className="flex h-5 items-end gap-0.5">
      {cells.map((cell) => (
        <span
          key={cell.key}
          title={cell.title}
          className={classes(
            "w-1.5 rounded-sm",
            cell.isGood === null && "h-1 bg-line-strong",
            cell.isGood === true && "h-3 bg-ok",
            cell.isGood === false && "h-5 border-2 border-bad bg-bad-soft",
          )}
        />
      ))}
    </div>
  );
}
