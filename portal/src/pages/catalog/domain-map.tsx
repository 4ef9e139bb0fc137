import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { t } from "@/i18n/texts";
import { listed } from "@/lib/address";
import { Status } from "@/ui/badge";
import { domainsQuery } from "./queries";

const MOST = 24;

/** The domains with how much is in each, and whether anything there is not as promised. */
export function DomainMap() {
  const all = useQuery(domainsQuery());
  const broken = useQuery(domainsQuery("broken"));
  const unwell = new Map(broken.data?.map((one) => [one.value, one.count]));
  if (!all.data || all.data.length < 2) return null;
  return (
    <nav aria-label={t("catalog.domains")} className="mb-5">
      <ul className="grid grid-cols-2 gap-2 sm:grid-cols-3 lg:grid-cols-4 xl:grid-cols-6">
        {all.data.slice(0, MOST).map(({ value, count }) => {
          const bad = unwell.get(value) ?? 0;
          return (
            <li key={value}>
              <Link
                to="/catalog"
                search={{ domain: listed([value]) }}
                className="flex h-full min-h-16 flex-col gap-1 rounded-lg border border-line bg-panel px-3 py-2 hover:border-line-strong"
              >
                <span className="truncate font-medium">{value}</span>
                <span className="flex flex-wrap items-center gap-1.5 text-xs text-ink-2">
                  {t("catalog.products", { count })}
                  {broken.data ? (
                    <Status tone={bad ? "bad" : "ok"}>
                      {bad ? t("catalog.brokenHere", { count: bad }) : t("catalog.allKept")}
                    </Status>
                  ) : null}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
