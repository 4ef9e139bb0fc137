import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Shape } from "@/api/client";
import { releasesQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { useAddress, useInPath } from "@/lib/address";
import { formatBytes, formatCount } from "@/lib/format";
import { datasetLink, productLink, releaseLink, runLink } from "@/lib/links";
import { Checks } from "@/pages/run/checks";
import { runQuery } from "@/pages/runs/queries";
import { Badge, Status } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";
import { NotFound } from "@/ui/not-found";
import { PageHead } from "@/ui/page";
import { Facts, Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { Table } from "@/ui/table";
import { Tabs } from "@/ui/tabs";
import { Time } from "@/ui/time";
import { Difference } from "./difference";
import { releaseQuery } from "./queries";
import { RollBack } from "./roll-back";
import { SEARCH, TABS } from "./search";

/** One release: what it has, what made it, what is different from the one before, and the way back to it. */
export function Page() {
  const domain = useInPath("domain");
  const product = useInPath("product");
  const number = Number(useInPath("number"));
  const release = useQuery({
    ...releaseQuery(domain, product, number),
    enabled: Number.isSafeInteger(number) && number > 0,
  });
  if (!Number.isSafeInteger(number) || number <= 0) return <NotFound />;
  return (
    <Loaded query={release} missing={<NotFound />}>
      {(one) => <Release key={`${one.product} ${one.number}`} release={one} />}
    </Loaded>
  );
}

function Release({ release }: { release: Shape<"OneRelease"> }) {
  const [{ tab = "contents" }, change] = useAddress(SEARCH);
  const run = useQuery(runQuery(release.run));
  const [isAsking, setAsking] = useState(false);
  const isOwn = run.data?.steps != null;
  const reports = release.datasets.flatMap((dataset) => dataset.checks ?? []);
  return (
    <>
      <PageHead
        title={t("release.title", { number: release.number, product: release.product })}
        above={
          <span className="flex flex-wrap items-center gap-2">
            <Link to={productLink(release.product)} search={{ tab: "releases" }} className="hover:underline">
              {t("release.allOf")}
            </Link>
            {release.is_current ? (
              <Status tone="ok">{t("release.current")}</Status>
            ) : (
              <Badge>{t("release.earlier")}</Badge>
            )}
          </span>
        }
        actions={
          isOwn && !release.is_current ? (
            <Button onClick={() => setAsking(true)}>{t("release.rollBack")}</Button>
          ) : null
        }
      >
        <Link to={productLink(release.product)} className="hover:underline">
          {release.product}
        </Link>
        {", "}
        <Time at={release.created_at} />
      </PageHead>
      {isOwn && isAsking ? <RollBack release={release} onClose={() => setAsking(false)} /> : null}
      {release.rolled_back ? <BroughtBack release={release} /> : null}
      <Tabs
        label={t("release.parts")}
        chosen={tab}
        onChoose={(chosen) => change({ tab: TABS.find((one) => one === chosen) })}
        tabs={[
          { name: "contents", label: t("release.contents"), content: () => <Contents release={release} /> },
          { name: "changes", label: t("release.changes"), content: () => <Changes release={release} /> },
          { name: "checks", label: t("release.checks"), content: () => <Checks reports={reports} /> },
        ]}
      />
    </>
  );
}

function BroughtBack({ release }: { release: Shape<"OneRelease"> }) {
  const back = release.rolled_back;
  if (!back) return null;
  return (
    <p className="mb-4 rounded-lg border border-line bg-info-soft px-4 py-2 text-sm text-info">
      {t("release.broughtBack", { who: back.by.replace(/^user:/, ""), reason: back.reason })}{" "}
      <Link to={releaseLink(release.product, back.to)} className="font-medium underline">
        {t("release.number", { number: back.to })}
      </Link>
    </p>
  );
}

function Contents({ release }: { release: Shape<"OneRelease"> }) {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[1fr_360px]">
      <Panel title={t("release.datasets")} isFlush>
        <Table
          label={t("release.datasets")}
          rows={release.datasets}
          rowKey={(dataset) => dataset.name}
          columns={[
            {
              id: "name",
              head: t("release.dataset"),
              value: (dataset) => dataset.name,
              cell: (dataset) => (
                <Link to={datasetLink(dataset.name)} className="font-medium text-accent hover:underline">
                  {dataset.name}
                </Link>
              ),
            },
            {
              id: "rows",
              head: t("release.rows"),
              isNumber: true,
              value: (dataset) => dataset.rows,
              cell: (dataset) => formatCount(dataset.rows),
            },
            {
              id: "checks",
              head: t("release.rules"),
              cell: (dataset) => <Rules checks={dataset.checks} />,
            },
            {
              id: "bytes",
              head: t("release.size"),
              isNumber: true,
              hiddenBelow: "sm",
              value: (dataset) => dataset.bytes,
              cell: (dataset) => formatBytes(dataset.bytes),
            },
          ]}
        />
      </Panel>
      <div className="space-y-4">
        <Panel title={t("release.how")}>
          <Facts
            facts={[
              [
                t("release.run"),
                <Link key="run" to={runLink(release.run)} className="text-accent hover:underline">
                  {t("release.toRun")}
                </Link>,
              ],
              [
                t("release.replaced"),
                release.replaced === null ? (
                  t("release.first")
                ) : (
                  <Link
                    key="replaced"
                    to={releaseLink(release.product, release.replaced)}
                    className="text-accent hover:underline"
                  >
                    {t("release.number", { number: release.replaced })}
                  </Link>
                ),
              ],
              [
                t("release.definition"),
                <code key="definition" className="font-mono text-xs" title={release.definition}>
                  {release.definition.slice(0, 12)}
                </code>,
              ],
            ]}
          />
        </Panel>
        <Panel title={t("release.inputs")} isFlush={release.inputs.length > 0}>
          {release.inputs.length ? (
            <Table
              label={t("release.inputs")}
              rows={release.inputs}
              rowKey={(input) => input.name}
              columns={[
                {
                  id: "name",
                  head: t("release.dataset"),
                  cell: (input) => (
                    <Link to={datasetLink(input.name)} className="text-accent hover:underline">
                      {input.name}
                    </Link>
                  ),
                },
                {
                  id: "release",
                  head: t("release.release"),
                  isNumber: true,
                  cell: (input) => (
                    <Link
                      to={releaseLink(input.product, input.release)}
                      className="text-accent hover:underline"
                    >
                      {input.release}
                    </Link>
                  ),
                },
              ]}
            />
          ) : (
            <p className="text-sm text-ink-2">{t("release.noInputs")}</p>
          )}
        </Panel>
      </div>
    </div>
  );
}

function Rules({ checks }: { checks: Shape<"ReportFacts"> | null }) {
  if (!checks) return null;
  const broken = checks.findings.filter((finding) => !finding.passed).length;
  return broken ? (
    <Status tone="warn">{t("release.someBroken", { count: broken })}</Status>
  ) : (
    <Status tone="ok">{t("release.allHold", { count: checks.findings.length })}</Status>
  );
}

/** What is different, in one dataset at a time, from the release before or from another one. */
function Changes({ release }: { release: Shape<"OneRelease"> }) {
  const [{ dataset, with: other }, change] = useAddress(SEARCH);
  const history = useQuery(releasesQuery(release.product));
  const chosen = release.datasets.find((one) => one.name === dataset) ?? release.datasets[0];
  const before = other ?? release.replaced;
  if (!chosen) return <Empty title={t("release.noDatasets")} />;
  if (before === null) return <Empty title={t("release.nothingBefore")} />;
  return (
    <div className="space-y-4">
      <div className="grid gap-3 sm:grid-cols-2 lg:max-w-xl">
        {release.datasets.length > 1 ? (
          <Select
            aria-label={t("release.dataset")}
            value={chosen.name}
            onChange={(event) => change({ dataset: event.target.value })}
          >
            {release.datasets.map((one) => (
              <option key={one.name}>{one.name}</option>
            ))}
          </Select>
        ) : null}
        <Select
          aria-label={t("release.comparedWith")}
          value={before}
          onChange={(event) => change({ with: Number(event.target.value) })}
        >
          {(history.data ?? [])
            .filter((one) => one.number !== release.number)
            .map((one) => (
              <option key={one.number} value={one.number}>
                {t("release.comparedNumber", { number: one.number })}
              </option>
            ))}
        </Select>
      </div>
      <Difference name={chosen.name} from={before} to={release.number} />
    </div>
  );
}
