import { t } from "@/i18n/texts";
import { Status, type Tone } from "@/ui/badge";
import type { Agreement, Request } from "./queries";

const TONES: Record<Request["state"] | Agreement["state"], Tone> = {
  approved: "ok",
  denied: "bad",
  expired: "plain",
  in_force: "ok",
  requested: "info",
  revoked: "bad",
  withdrawn: "plain",
};

/** Where a request or an agreement stands. */
export function AccessState({ state }: { state: Request["state"] | Agreement["state"] }) {
  return <Status tone={TONES[state]}>{t(`access.state.${state}`)}</Status>;
}
