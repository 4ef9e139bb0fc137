import { Link } from "@tanstack/react-router";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { releaseLink } from "@/lib/links";
import { Panel } from "@/ui/panel";
import { Time } from "@/ui/time";

/** Releases of the last days. */
export function Changed({ changes, isOfAll }: { changes: readonly Shape<"ChangeFact">[]; isOfAll: boolean }) {
  return (
    <Panel title={isOfAll ? t("home.changedOfAll") : t("home.changed")} isFlush>
      {changes.length ? (
        <ul className="divide-y divide-line">
          {changes.map((one) => (
            <li key={one.product} className="relative px-4 py-2 text-sm hover:bg-sunken">
              <div className="flex items-start gap-2">
                <Link
                  to={releaseLink(one.product, one.release)}
                  className="min-w-0 flex-1 font-medium break-words text-accent after:absolute after:inset-0 hover:underline"
                >
                  {one.title || one.product}
                </Link>
                <span className="shrink-0 text-xs text-ink-2">
                  <Time at={one.at} />
                </span>
              </div>
              <p className="text-xs wrap-anywhere text-ink-2">
                {t("home.release", { number: one.release })} · {one.datasets.join(", ")}
              </p>
            </li>
          ))}
        </ul>
      ) : (
        <p className="px-4 py-3 text-sm text-ink-2">{t("home.nothingChanged")}</p>
      )}
    </Panel>
  );
}
