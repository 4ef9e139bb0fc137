import { useQuery } from "@tanstack/react-query";
import { ShieldQuestion } from "lucide-react";
import { levelsQuery, ruleHistoryQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { Empty, Loaded } from "@/ui/state";
import { Levels } from "./levels";
import { Rules } from "./rules";

/** How well a dataset keeps its contract: its service levels, and its rules with their last results. */
export function DatasetQuality({ domain, dataset }: { domain: string; dataset: string }) {
  const levels = useQuery(levelsQuery(domain, dataset));
  const history = useQuery(ruleHistoryQuery(domain, dataset));
  return (
    <div className="space-y-4">
      <section aria-label={t("quality.levels")} className="space-y-2">
        <h3 className="text-sm font-semibold">{t("quality.levels")}</h3>
        <Loaded query={levels}>
          {(found) =>
            found.levels.length ? (
              <Levels levels={found.levels} />
            ) : (
              <p className="text-sm text-ink-2">{t("quality.noLevels")}</p>
            )
          }
        </Loaded>
      </section>
      <section aria-label={t("quality.rules")} className="space-y-2">
        <h3 className="text-sm font-semibold">{t("quality.rules")}</h3>
        <Loaded query={history}>
          {(rules) =>
            rules.length ? (
              <Rules rules={rules} />
            ) : (
              <Empty icon={ShieldQuestion} title={t("quality.noRules")}>
                {t("quality.noRulesDetail")}
              </Empty>
            )
          }
        </Loaded>
      </section>
    </div>
  );
}
