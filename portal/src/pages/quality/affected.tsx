import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answer, api } from "@/api/client";
import { t } from "@/i18n/texts";
import { split } from "@/lib/address";
import { agreementLink, datasetLink, lineageLink } from "@/lib/links";
import { Panel } from "@/ui/panel";
import { Failed, Skeleton } from "@/ui/state";

const DEPTH = 5;

/** Whom an incident reaches: the datasets that are made from these, and who has an agreement about them. */
export function Affected({
  datasets,
  product,
  isResponsible,
}: {
  datasets: readonly string[];
  product: string;
  isResponsible: boolean;
}) {
  const below = useQueries({ queries: datasets.map(belowQuery) });
  const agreed = useQueries({ queries: isResponsible ? datasets.map(agreedQuery) : [] });
  const reached = [...new Set(below.flatMap((one) => one.data ?? []))].filter(
    (one) => !datasets.includes(one),
  );
  const agreements = agreed.flatMap((one) => one.data ?? []);
  const first = datasets[0];
  if (below.some((one) => one.isPending) || agreed.some((one) => one.isPending)) return <Skeleton />;
  const failed = [...below, ...agreed].find((one) => one.isError);
  // That nothing was found out is not that nobody is affected.
  if (failed) {
    return (
      <Panel title={t("quality.affected")}>
        <Failed error={failed.error} onRetry={() => void failed.refetch()} isRetrying={failed.isFetching} />
      </Panel>
    );
  }
  return (
    <Panel
      title={t("quality.affected")}
      actions={
        first ? (
          <Link to={lineageLink(first)} className="text-xs text-accent hover:underline">
            {t("quality.toLineage")}
          </Link>
        ) : null
      }
    >
      <div className="space-y-3 text-sm">
        <section aria-label={t("quality.madeFrom")}>
          <h3 className="text-xs text-ink-3">{t("quality.madeFrom")}</h3>
          {reached.length ? (
            <ul>
              {reached.map((dataset) => (
                <li key={dataset}>
                  <Link
                    to={datasetLink(dataset)}
                    className="inline-flex min-h-7 items-center wrap-anywhere text-accent hover:underline"
                  >
                    {dataset}
                  </Link>
                </li>
              ))}
            </ul>
          ) : (
            <p className="text-ink-2">{t("quality.nothingMade")}</p>
          )}
        </section>
        {isResponsible ? (
          <section aria-label={t("quality.consumers")}>
            <h3 className="text-xs text-ink-3">{t("quality.consumers")}</h3>
            {agreements.length ? (
              <ul>
                {agreements.map((one) => (
                  <li key={one.id}>
                    <Link
                      to={agreementLink(one.id)}
                      className="inline-flex min-h-7 items-center wrap-anywhere text-accent hover:underline"
                    >
                      {one.grantee}
                    </Link>{" "}
                    <span className="text-xs text-ink-3">
                      {one.dataset}, {one.purpose}
                    </span>
                  </li>
                ))}
              </ul>
            ) : (
              <p className="text-ink-2">{t("quality.noConsumers", { product })}</p>
            )}
          </section>
        ) : null}
      </div>
    </Panel>
  );
}

const belowQuery = (name: string) => {
  const { domain, rest: dataset } = split(name);
  return {
    queryKey: ["lineage", domain, dataset, "down", DEPTH],
    queryFn: async () => {
      const params = { path: { domain, dataset }, query: { direction: "down" as const, depth: DEPTH } };
      const found = await answer(api.GET("/api/v1/lineage/{domain}/{dataset}", { params }));
      return found.datasets.map((one) => one.name);
    },
  };
};

const agreedQuery = (dataset: string) => ({
  queryKey: ["agreements", dataset, "in_force"],
  queryFn: async () => {
    const params = { query: { dataset, state: "in_force", limit: 100 } };
    return (await answer(api.GET("/api/v1/agreements", { params }))).agreements;
  },
});
