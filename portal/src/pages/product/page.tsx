import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { productQuery, releasesQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { useAddress, useInPath } from "@/lib/address";
import { formatBytes, formatCount, formatShort } from "@/lib/format";
import { datasetLink } from "@/lib/links";
import { Badge } from "@/ui/badge";
import { NotFound } from "@/ui/not-found";
import { PageHead } from "@/ui/page";
import { Facts, Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { Table } from "@/ui/table";
import { Tabs } from "@/ui/tabs";
import { Time } from "@/ui/time";
import { SEARCH, TABS } from "./search";
import { Use } from "./use";

/** A product: what it is for, who answers for it, what is in it and how to use it. */
export function Page() {
  const domain = useInPath("domain");
  const name = useInPath("product");
  const [{ tab = "about" }, change] = useAddress(SEARCH);
  const product = useQuery(productQuery(domain, name));
  return (
    <Loaded query={product} missing={<NotFound />}>
      {(one) => (
        <>
          <PageHead
            title={one.title || one.name}
            above={
              <span className="flex flex-wrap items-center gap-2">
                <Link to="/catalog" search={{ domain }} className="hover:underline">
                  {domain}
                </Link>
                <span className="font-mono">{one.name}</span>
                <span>{t("product.version", { version: one.version })}</span>
                <Badge tone={one.status === "active" ? "ok" : "info"}>{one.status}</Badge>
              </span>
            }
          >
            {one.purpose}
          </PageHead>
          <Tabs
            label={one.title}
            chosen={tab}
            onChoose={(chosen) => change({ tab: TABS.find((one) => one === chosen) })}
            tabs={[
              {
                name: "about",
                label: t("product.about"),
                content: () => (
                  <div className="grid gap-4 lg:grid-cols-[1fr_320px]">
                    <Panel title={t("product.datasets")} isFlush>
                      {one.datasets.length ? (
                        <Table
                          label={t("product.datasets")}
                          rows={one.datasets}
                          rowKey={(dataset) => dataset.name}
                          columns={[
                            {
                              id: "name",
                              head: t("product.dataset"),
                              value: (dataset) => dataset.name,
                              cell: (dataset) => (
                                <Link
                                  to={datasetLink(dataset.name)}
                                  className="font-medium text-accent hover:underline"
                                >
                                  {dataset.name}
                                </Link>
                              ),
                            },
                            {
                              id: "release",
                              head: t("product.release"),
                              isNumber: true,
                              cell: (dataset) => dataset.release ?? t("product.none"),
                            },
                            {
                              id: "rows",
                              head: t("product.rows"),
                              isNumber: true,
                              value: (dataset) => dataset.rows,
                              cell: (dataset) => (dataset.rows === null ? "" : formatCount(dataset.rows)),
                            },
                            {
                              id: "bytes",
                              head: t("product.size"),
                              isNumber: true,
                              hiddenBelow: "sm",
                              value: (dataset) => dataset.bytes,
                              cell: (dataset) => (dataset.bytes === null ? "" : formatBytes(dataset.bytes)),
                            },
                          ]}
                        />
                      ) : (
                        <Empty title={t("product.noDatasets")} />
                      )}
                    </Panel>
                    <Panel title={t("product.people")}>
                      <Facts facts={[[t("product.owner"), one.owner]]} />
                    </Panel>
                  </div>
                ),
              },
              {
                name: "use",
                label: t("product.use"),
                content: () => <Use datasets={one.datasets.map((dataset) => dataset.name)} />,
              },
              {
                name: "releases",
                label: t("product.releases"),
                content: () => <Releases product={one.name} />,
              },
            ]}
          />
        </>
      )}
    </Loaded>
  );
}

function Releases({ product }: { product: string }) {
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
                      <span className="tnum font-medium">{release.number}</span>
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
                    formatShort(release.datasets.reduce((sum, dataset) => sum + dataset.rows, 0)),
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
