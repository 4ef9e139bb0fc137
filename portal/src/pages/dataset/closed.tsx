import { Link } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { askLink } from "@/lib/links";
import { Button } from "@/ui/button";

/** For whoever may know of a dataset but not read it: whose it is, why, and the way to ask. */
export function Closed({ dataset }: { dataset: Shape<"DatasetFacts"> }) {
  return (
    <section
      aria-label={t("dataset.mayNotRead")}
      className="mb-4 flex flex-wrap items-start gap-3 rounded-lg border border-line bg-panel p-4 text-sm"
    >
      <Lock className="mt-0.5 size-4 shrink-0 text-ink-3" aria-hidden />
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-medium">{t("dataset.closed")}</p>
        <p className="text-ink-2">{t("dataset.closedDetail", { owner: dataset.owner })}</p>
        {dataset.access.reasons.length ? (
          <details className="mt-1 text-xs text-ink-2">
            <summary>{t("dataset.why")}</summary>
            <ul className="list-disc pl-5">
              {dataset.access.reasons.map((reason) => (
                <li key={reason} className="wrap-anywhere">
                  {reason}
                </li>
              ))}
            </ul>
          </details>
        ) : null}
      </div>
      <Button asChild kind="primary">
        <Link to={askLink(dataset.name)}>{t("dataset.ask")}</Link>
      </Button>
    </section>
  );
}
