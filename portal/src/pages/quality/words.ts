// What the server calls things, in plain words; what it may call so one day stays as it is.
import { hasText, t } from "@/i18n/texts";
import type { Tone } from "@/ui/badge";

const said = (key: string, word: string) => (hasText(key) ? t(key) : word);

export const kindWords = (kind: string) => said(`quality.kind.${kind}`, kind);
export const levelWords = (level: string) => said(`quality.level.${level}`, level);
export const stateWords = (state: string) => said(`quality.state.${state}`, state);
export const severityWords = (severity: string) => said(`quality.severity.${severity}`, severity);

const TONES: Record<string, Tone> = {
  broken: "bad",
  missed: "warn",
  failed: "warn",
  fine: "ok",
  not_released: "plain",
};

export const toneOf = (state: string): Tone => TONES[state] ?? "plain";
