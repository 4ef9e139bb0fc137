import type { Shape } from "@/api/client";
import { hasText, t } from "@/i18n/texts";
import { Status } from "@/ui/badge";

/** Policies that decide something, each in its own words. */
export function Reasons({ policies }: { policies: readonly Shape<"PolicyFacts">[] }) {
  if (policies.length === 0) return <span className="text-ink-3">{t("governance.noPolicy")}</span>;
  return (
    <ul className="space-y-1">
      {policies.map((policy) => (
        <li key={policy.id} className="flex flex-wrap items-baseline gap-x-2">
          <Effect effect={policy.effect} />
          <span>{policy.reason}</span>
          <span className="font-mono text-xs wrap-anywhere text-ink-3">{policy.id}</span>
        </li>
      ))}
    </ul>
  );
}

export function Effect({ effect }: { effect: string }) {
  const permits = effect === "permit";
  return (
    <Status tone={permits ? "ok" : "bad"}>
      {permits ? t("governance.permits") : t("governance.forbids")}
    </Status>
  );
}

/** How a column is seen. */
export function Clearance({ clearance }: { clearance: string }) {
  const tone = clearance === "clear" ? "ok" : clearance === "masked" ? "warn" : "bad";
  return (
    <Status tone={tone}>{t(`governance.clearance.${clearance}` as "governance.clearance.clear")}</Status>
  );
}

/** What stands in the place of a value that is not seen in clear. */
export function maskWords(mask: string | null): string {
  const key = `governance.mask.${mask ?? "hidden"}`;
  return hasText(key) ? t(key) : (mask ?? "");
}
