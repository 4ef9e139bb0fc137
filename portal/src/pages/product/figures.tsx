import { useQuery } from "@tanstack/react-query";
import type { Shape } from "@/api/client";
import { qualityQuery, releasesQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { formatCount } from "@/lib/format";
import { statusQuery } from "@/pages/quality/queries";
import { Status } from "@/ui/badge";
import { Figure } from "@/ui/panel";
import { Time } from "@/ui/time";

/** What is still being asked, or could not be: that is not that there is nothing. */
const UNKNOWN = "–";

/** How a product stands, at a glance: quality and service levels against what is promised, age, size. */
export function Figures({ product }: { product: Shape<"ProductFacts"> }) {
  const quality = useQuery(qualityQuery);
  const status = useQuery(statusQuery);
  const releases = useQuery(releasesQuery(product.name));
  const names = new Set(product.datasets.map((dataset) => dataset.name));
  const findings = quality.data?.filter((one) => names.has(one.dataset)).flatMap((one) => one.findings) ?? [];
  const kept = findings.filter((one) => one.passed).length;
  const levels = status.data?.filter((one) => names.has(one.dataset)).flatMap((one) => one.levels) ?? [];
  const met = levels.filter((one) => one.is_met !== false).length;
  const current = releases.data?.find((one) => one.is_current);
  const rows = product.datasets.reduce((sum, dataset) => sum + (dataset.rows ?? 0), 0);
  return (
    <div className="mb-4 grid grid-cols-2 gap-2 md:grid-cols-4">
      <Figure
        name={t("product.rules")}
        value={
          !quality.data ? (
            UNKNOWN
          ) : findings.length ? (
            <Status tone={kept === findings.length ? "ok" : "bad"}>
              {t("product.keptOf", { kept, all: findings.length })}
            </Status>
          ) : (
            <Status tone="plain">{t("product.notChecked")}</Status>
          )
        }
      />
      <Figure
        name={t("product.levels")}
        value={
          !status.data ? (
            UNKNOWN
          ) : levels.length ? (
            <Status tone={met === levels.length ? "ok" : "bad"}>
              {t("product.keptOf", { kept: met, all: levels.length })}
            </Status>
          ) : (
            <Status tone="plain">{t("product.nothingPromised")}</Status>
          )
        }
      />
      <Figure
        name={t("product.fresh")}
        value={
          <span className="text-base">
            {current ? <Time at={current.created_at} /> : releases.data ? t("product.none") : UNKNOWN}
          </span>
        }
        note={current ? t("product.releaseNumber", { number: String(current.number) }) : null}
      />
      <Figure name={t("product.rows")} value={formatCount(rows)} />
    </div>
  );
}
