import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { releasesQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { formatBytes, formatCount } from "@/lib/format";
import { datasetLink, releaseLink } from "@/lib/links";
import { Badge } from "@/ui/badge";
import { Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { Table } from "@/ui/table";
import { Time } from "@/ui/time";

/** The releases of a product, the newest first. */
export function Releases({ product }: { product: string }) {
  const releases = useQuery(releasesQuery(product));
  return (
    <Loaded query={releases}>
      {(list) =>
        list.length ? (
          <Panel isFlush>
            <Table
              label={t("product.releases")}
              rows={list}
              rowKey={(release) => String(release.number)}
              columns={[
                {
                  id: "number",
                  head: t("product.release"),
                  value: (release) => release.number,
                  cell: (release) => (
                    <span className="flex items-center gap-2">
                      <Link
                        to={releaseLink(product, release.number)}
                        className="tnum font-medium text-accent hover:underline"
                      >
                        {release.number}
                      </Link>
                      {release.is_current ? <Badge tone="ok">{t("product.current")}</Badge> : null}
                    </span>
                  ),
                },
                { id: "when", head: t("product.when"), cell: (release) => <Time at={release.created_at} /> },
                {
                  id: "rows",
                  head: t("product.rows"),
                  isNumber: true,
                  cell: (release) =>
                    formatCount(release.datasets.reduce((sum, dataset) => sum + dataset.rows, 0)),
                },
                {
                  id: "bytes",
                  head: t("product.size"),
                  isNumber: true,
                  hiddenBelow: "sm",
                  cell: (release) =>
                    formatBytes(release.datasets.reduce((sum, dataset) => sum + dataset.bytes, 0)),
                },
                {
                  id: "compare",
                  head: t("product.compare"),
                  hiddenBelow: "md",
                  cell: (release) => (
                    <span className="flex flex-wrap gap-x-2">
                      {release.number > 1
                        ? release.datasets.map(({ name }) => (
                            <Link
                              key={name}
                              to={datasetLink(name)}
                              search={{ tab: "releases", from: release.number - 1, to: release.number }}
                              className="text-accent hover:underline"
                            >
                              {name}
                            </Link>
                          ))
                        : null}
                    </span>
                  ),
                },
              ]}
            />
          </Panel>
        ) : (
          <Empty title={t("product.noReleases")} />
        )
      }
    </Loaded>
  );
}
