import { CircleAlert, CircleCheck, CircleDashed, Info, type LucideIcon, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classes } from "@/lib/classes";

export const TONES = ["ok", "warn", "bad", "info", "plain"] as const;
export type Tone = (typeof TONES)[number];

const LOOK: Record<Tone, string> = {
  ok: "bg-ok-soft text-ok",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  info: "bg-info-soft text-info",
  plain: "bg-sunken text-ink-2",
};
const ICON: Record<Tone, LucideIcon> = {
  ok: CircleCheck,
  warn: TriangleAlert,
  bad: CircleAlert,
  info: Info,
  plain: CircleDashed,
};

/** A word about a thing, like a tag or a classification. */
export function Badge({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={classes(
        "inline-flex h-5 items-center gap-1 rounded px-1.5 text-2xs font-medium whitespace-nowrap",
        LOOK[tone],
      )}
    >
      {children}
    </span>
  );
}

/** How something stands: an icon and a word, since a colour alone says nothing to many. */
export function Status({ tone, icon, children }: { tone: Tone; icon?: LucideIcon; children: ReactNode }) {
  const Icon = icon ?? ICON[tone];
  return (
    <Badge tone={tone}>
      <Icon className="size-3" aria-hidden />
      {children}
    </Badge>
  );
}
