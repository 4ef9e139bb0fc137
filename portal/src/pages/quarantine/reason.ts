import { hasText, t } from "@/i18n/texts";

/** Return a reason in plain words; the id of a rule is a name that its owner gave. */
export function reasonOf(reason: string): string {
  const key = `quarantine.why.${reason}`;
  return hasText(key) ? t(key) : t("quarantine.rule", { rule: reason });
}
