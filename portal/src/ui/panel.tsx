import type { ReactNode } from "react";
import { classes } from "@/lib/classes";

/** A part of a page with its own heading. */
export function Panel({
  title,
  actions,
  children,
  isFlush,
  className,
}: {
  title?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** Without a margin inside: for tables. */
  isFlush?: boolean;
  className?: string;
}) {
  return (
    <section className={classes("min-w-0 rounded-lg border border-line bg-panel", className)}>
      {title ? (
        <header className="flex min-h-10 flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
          <h2 className="flex-1 text-sm font-semibold">{title}</h2>
          {actions}
        </header>
      ) : null}
      <div className={isFlush ? "overflow-hidden rounded-b-lg" : "p-4"}>{children}</div>
    </section>
  );
}

/** Facts below each other, each with its name. */
export function Facts({ facts }: { facts: readonly (readonly [ReactNode, ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[minmax(96px,auto)_1fr] gap-x-4 gap-y-1.5 text-sm">
      {facts.map(([name, value], place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: facts keep their order
        <div key={place} className="contents">
          <dt className="text-ink-3">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** One number with its name and what it is measured against. */
export function Figure({ name, value, note }: { name: ReactNode; value: ReactNode; note?: ReactNode }) {
  return (
    <div className="min-w-0 rounded-lg border border-line bg-panel px-3 py-2">
      <p className="text-xs text-ink-3">{name}</p>
      <p className="tnum truncate text-xl font-semibold">{value}</p>
      {note ? <p className="text-2xs text-ink-3">{note}</p> : null}
    </div>
  );
}
