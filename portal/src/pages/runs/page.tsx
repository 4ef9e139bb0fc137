import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Activity } from "lucide-react";
import type { Shape } from "@/api/client";
import { productsQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { formatDuration } from "@/lib/format";
import { productLink, releaseLink, runLink } from "@/lib/links";
import { Button } from "@/ui/button";
import { Field, Select } from "@/ui/field";
import { PageHead } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Empty, Failed, Loaded } from "@/ui/state";
import { type Column, Table } from "@/ui/table";
import { Time } from "@/ui/time";
import { runsQuery, secondsOf } from "./queries";
import { RunState } from "./run-state";
import { SEARCH, STATES } from "./search";
import { StartButton, useStart } from "./start";

/** What ran: each time that a product was made, the newest first. */
export function Page() {
  const [{ product, state }, change] = useAddress(SEARCH);
  const runs = useQuery(runsQuery(product));
  const products = useQuery(productsQuery);
  const start = useStart(product ?? "");
  return (
    <>
      <PageHead title={t("runs.title")} actions={product ? <StartButton start={start} /> : null}>
        {t("runs.lead")}
      </PageHead>
      {start.isError ? (
        <div className="mb-4">
          <Failed error={start.error} />
        </div>
      ) : null}
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <Field label={t("runs.product")}>
          <Select
            className="w-56"
            value={product ?? ""}
            onChange={(event) => change({ product: event.target.value || undefined })}
          >
            <option value="">{t("runs.allProducts")}</option>
            {products.data?.map((one) => (
              <option key={one.name} value={one.name}>
                {one.title || one.name}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t("runs.how")}>
          <Select
            className="w-44"
            value={state ?? ""}
            onChange={(event) => change({ state: STATES.find((one) => one === event.target.value) })}
          >
            <option value="">{t("runs.allStates")}</option>
            {STATES.map((one) => (
              <option key={one} value={one}>
                {t(`runs.state.${one}`)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <Loaded
        query={runs}
        missing={<Empty title={t("shell.notFoundTitle")}>{t("shell.notFoundDetail")}</Empty>}
      >
        {(all) => {
          const list = state ? all.filter((run) => run.state === state) : all;
          if (!list.length) {
            return (
              <Panel>
                <Empty
                  icon={Activity}
                  title={all.length ? t("runs.noneSo") : t("runs.none")}
                  action={
                    product || state ? (
                      <Button onClick={() => change({ product: undefined, state: undefined })}>
                        {t("runs.showAll")}
                      </Button>
                    ) : null
                  }
                >
                  {t("runs.noneDetail")}
                </Empty>
              </Panel>
            );
          }
          return (
            <Panel isFlush>
              <Table label={t("runs.title")} rows={list} rowKey={(run) => run.id} columns={COLUMNS()} />
            </Panel>
          );
        }}
      </Loaded>
    </>
  );
}

const COLUMNS = (): Column<Shape<"RunEntry">>[] => [
  {
    id: "run",
    head: t("runs.started"),
    value: (run) => run.started_at,
    cell: (run) => (
      <Link to={runLink(run.id)} className="font-medium text-accent hover:underline">
        <Time at={run.started_at} />
      </Link>
    ),
  },
  {
    id: "product",
    head: t("runs.product"),
    value: (run) => run.product,
    cell: (run) => (
      <Link to={productLink(run.product)} className="hover:underline">
        {run.product}
      </Link>
    ),
  },
  {
    id: "state",
    head: t("runs.how"),
    value: (run) => run.state,
    cell: (run) => (
      <span className="flex flex-col items-start gap-1">
        <RunState state={run.state} />
        {run.error ? (
          <span className="line-clamp-2 max-w-[60ch] text-xs break-words text-ink-2">{run.error}</span>
        ) : null}
      </span>
    ),
  },
  {
    id: "took",
    head: t("runs.took"),
    isNumber: true,
    hiddenBelow: "sm",
    value: (run) => secondsOf(run),
    cell: (run) => (run.finished_at ? formatDuration(secondsOf(run)) : ""),
  },
  {
    id: "release",
    head: t("runs.release"),
    isNumber: true,
    value: (run) => run.release,
    cell: (run) =>
      run.release === null ? null : (
        <Link to={releaseLink(run.product, run.release)} className="text-accent hover:underline">
          {run.release}
        </Link>
      ),
  },
  {
    id: "by",
    head: t("runs.by"),
    hiddenBelow: "md",
    value: (run) => run.started_by,
    cell: (run) => run.started_by?.replace(/^user:/, "") ?? "",
  },
];
