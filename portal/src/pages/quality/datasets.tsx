import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Shape } from "@/api/client";
import { qualityQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { split, useAddress } from "@/lib/address";
import { formatShare } from "@/lib/format";
import { datasetLink, runLink } from "@/lib/links";
import { Status } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";
import { Meter } from "@/ui/meter";
import { Panel } from "@/ui/panel";
import { Empty, Failed, Loaded } from "@/ui/state";
import { type Column, Table } from "@/ui/table";
import { Time } from "@/ui/time";
import { statusQuery } from "./queries";
import { SEARCH, STATES } from "./search";
import { stateWords, toneOf } from "./words";

interface Row {
  status: Shape<"DatasetStatus">;
  report: Shape<"LastReport"> | undefined;
}

/** All datasets that one may know of, the worst first. */
export function Datasets() {
  const [{ state, domain, sort }, change] = useAddress(SEARCH);
  const status = useQuery(statusQuery);
  const quality = useQuery(qualityQuery);
  const reports = new Map(quality.data?.map((one) => [one.dataset, one]));
  return (
    <Loaded query={status}>
      {(list) => {
        if (!list.length) return <Empty title={t("quality.none")}>{t("quality.noneDetail")}</Empty>;
        const rows = list
          .filter(
            (one) => (!state || one.state === state) && (!domain || split(one.dataset).domain === domain),
          )
          .map((one): Row => ({ status: one, report: reports.get(one.dataset) }));
        const domains = [...new Set(list.map((one) => split(one.dataset).domain))].sort();
        return (
          <>
            <div className="mb-3 flex flex-wrap items-center gap-2">
              <Select
                aria-label={t("quality.stateLabel")}
                value={state ?? ""}
                className="w-auto!"
                onChange={(event) => change({ state: STATES.find((one) => one === event.target.value) })}
              >
                <option value="">{t("quality.allStates")}</option>
                {STATES.map((one) => (
                  <option key={one} value={one}>
                    {stateWords(one)}
                  </option>
                ))}
              </Select>
              <Select
                aria-label={t("quality.domain")}
                value={domain ?? ""}
                className="w-auto!"
                onChange={(event) => change({ domain: event.target.value || undefined })}
              >
                <option value="">{t("quality.allDomains")}</option>
                {domains.map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </Select>
              {state || domain ? (
                <Button kind="quiet" onClick={() => change({ state: undefined, domain: undefined })}>
                  {t("quality.showAll")}
                </Button>
              ) : null}
              <span role="status" className="text-xs text-ink-3">
                {t("quality.shown", { count: rows.length })}
              </span>
            </div>
            {quality.isError ? (
              <div className="mb-3">
                <Failed error={quality.error} onRetry={() => void quality.refetch()} />
              </div>
            ) : null}
            {rows.length ? (
              <Panel isFlush>
                <Table
                  label={t("quality.datasets")}
                  rows={rows}
                  rowKey={(row) => row.status.dataset}
                  columns={columnsOf(quality.data !== undefined)}
                  sort={sort}
                  onSort={(chosen) => change({ sort: chosen })}
                />
              </Panel>
            ) : (
              <Empty title={t("quality.noneSo")} />
            )}
          </>
        );
      }}
    </Loaded>
  );
}

const kept = ({ report }: Row) => report?.findings.filter((one) => one.passed).length ?? 0;

/** The columns of the table; before the reports are known nobody can say that there are none. */
const columnsOf = (isChecked: boolean): Column<Row>[] => [
  {
    id: "dataset",
    head: t("quality.dataset"),
    value: ({ status }) => status.dataset,
    cell: ({ status }) => (
      <div className="min-w-0">
        <Link
          to={datasetLink(status.dataset)}
          search={{ tab: "quality" }}
          className="font-medium wrap-anywhere text-accent hover:underline"
        >
          {status.dataset}
        </Link>
        <p className="text-xs text-ink-3">{status.product}</p>
      </div>
    ),
  },
  {
    id: "state",
    head: t("quality.stateLabel"),
    value: ({ status }) => STATES.indexOf(status.state as (typeof STATES)[number]),
    cell: ({ status }) => <Status tone={toneOf(status.state)}>{stateWords(status.state)}</Status>,
  },
  {
    id: "rules",
    head: t("quality.rules"),
    value: (row) => (row.report?.findings.length ? kept(row) / row.report.findings.length : null),
    hiddenBelow: "md",
    cell: (row) => {
      const all = row.report?.findings.length ?? 0;
      if (!all) return isChecked ? <span className="text-ink-3">{t("quality.neverChecked")}</span> : null;
      const words = t("quality.rulesKept", { kept: kept(row), all });
      return (
        <div className="w-36 space-y-1 text-xs">
          <p>{words}</p>
          <Meter
            share={kept(row) / all}
            label={t("quality.shareKept", { share: formatShare(kept(row) / all) })}
            tone={kept(row) === all ? "ok" : "bad"}
          />
        </div>
      );
    },
  },
  {
    id: "released",
    head: t("quality.lastRelease"),
    value: ({ status }) => (status.released_at ? Date.parse(status.released_at) : null),
    hiddenBelow: "sm",
    cell: ({ status }) => (status.released_at ? <Time at={status.released_at} /> : t("quality.never")),
  },
  {
    id: "run",
    head: t("quality.lastCheck"),
    hiddenBelow: "md",
    cell: ({ report }) =>
      report?.checked_at ? (
        <Link to={runLink(report.run)} className="hover:underline">
          <Time at={report.checked_at} />
        </Link>
      ) : null,
  },
];
