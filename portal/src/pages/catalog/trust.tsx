import { t } from "@/i18n/texts";
import { Status } from "@/ui/badge";
import type { Trust } from "./queries";

const TONE = { kept: "ok", broken: "bad", unknown: "plain" } as const;

/** Whether data kept its contract when it was checked last. */
export function TrustStatus({ trust }: { trust: Trust }) {
  return <Status tone={TONE[trust]}>{t(`catalog.trust.${trust}`)}</Status>;
}
