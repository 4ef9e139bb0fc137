import { CircleDashed, LoaderCircle, type LucideIcon, Minus } from "lucide-react";
import { hasText, t } from "@/i18n/texts";
import { Status, type Tone } from "@/ui/badge";

const TONES: Record<string, Tone> = {
  published: "ok",
  done: "ok",
  unchanged: "plain",
  running: "info",
  refused: "bad",
  failed: "bad",
};
const ICONS: Record<string, LucideIcon> = {
  running: LoaderCircle,
  waiting: CircleDashed,
  left_out: Minus,
};

/** How a run or one of its steps stands, in a word. */
export function RunState({ state }: { state: string }) {
  const key = `runs.state.${state}`;
  return (
    <Status tone={TONES[state] ?? "plain"} icon={ICONS[state]}>
      {hasText(key) ? t(key) : state}
    </Status>
  );
}
