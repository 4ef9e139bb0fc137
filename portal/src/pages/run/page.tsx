import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { useAddress, useInPath } from "@/lib/address";
import { formatCount, formatDuration } from "@/lib/format";
import { incidentLink, productLink, quarantineLink, releaseLink } from "@/lib/links";
import { incidentsQuery, runQuery, secondsOf } from "@/pages/runs/queries";
import { RunState } from "@/pages/runs/run-state";
import { StartButton, useStart } from "@/pages/runs/start";
import { Button } from "@/ui/button";
import { NotFound } from "@/ui/not-found";
import { PageHead } from "@/ui/page";
import { Figure } from "@/ui/panel";
import { Empty, Failed, Loaded } from "@/ui/state";
import { Tabs } from "@/ui/tabs";
import { Time } from "@/ui/time";
import { Checks } from "./checks";
import { Files } from "./files";
import { Log } from "./log";
import { SEARCH, TABS } from "./search";
import { Steps } from "./steps";

/** One run: what each step did, what was set aside, what the checks found, and what it said. */
export function Page() {
  const run = useQuery(runQuery(useInPath("run")));
  return (
    <Loaded query={run} missing={<NotFound />}>
      {(one) => <Run key={one.id} run={one} />}
    </Loaded>
  );
}

function Run({ run }: { run: Shape<"RunFacts"> }) {
  const [{ tab = "steps" }, change] = useAddress(SEARCH);
  const start = useStart(run.product);
  const isOwn = run.steps !== null;
  return (
    <>
      <PageHead
        title={t("run.title", { product: run.product })}
        above={
          <span className="flex flex-wrap items-center gap-2">
            <Link to="/runs" search={{ product: run.product }} className="hover:underline">
              {t("run.allOf")}
            </Link>
            <span className="font-mono break-all">{run.id}</span>
            <RunState state={run.state} />
          </span>
        }
        actions={
          <>
            {run.release === null ? null : (
              <Button asChild>
                <Link to={releaseLink(run.product, run.release)}>
                  {t("run.toRelease", { number: run.release })}
                </Link>
              </Button>
            )}
            {isOwn && run.finished_at ? <StartButton start={start} again /> : null}
          </>
        }
      >
        <Link to={productLink(run.product)} className="hover:underline">
          {run.product}
        </Link>
        {", "}
        <Time at={run.started_at} />
        {run.started_by ? ` · ${t("run.by", { who: run.started_by.replace(/^user:/, "") })}` : null}
      </PageHead>
      <div className="space-y-4">
        {start.isError ? <Failed error={start.error} /> : null}
        {run.error ? <Why run={run} /> : null}
        <Figures run={run} />
        <SetAside run={run} />
        {isOwn ? (
          <Tabs
            label={t("run.parts")}
            chosen={tab}
            onChoose={(chosen) => change({ tab: TABS.find((one) => one === chosen) })}
            tabs={[
              { name: "steps", label: t("run.steps"), content: () => <Steps steps={run.graph ?? []} /> },
              { name: "checks", label: t("run.checks"), content: () => <Checks reports={run.reports} /> },
              { name: "files", label: t("run.files"), content: () => <Files steps={run.steps ?? []} /> },
              { name: "log", label: t("run.log"), content: () => <Log run={run.id} /> },
            ]}
          />
        ) : run.reports.length ? (
          <Checks reports={run.reports} />
        ) : (
          <Empty title={t("run.notYours")}>{t("run.notYoursDetail")}</Empty>
        )}
      </div>
    </>
  );
}

function Why({ run }: { run: Shape<"RunFacts"> }) {
  const incidents = useQuery(incidentsQuery(run.product));
  return (
    <section role="alert" className="rounded-lg border border-bad bg-bad-soft p-4 text-sm">
      <h2 className="flex items-center gap-2 font-medium text-bad">
        <TriangleAlert className="size-4 shrink-0" aria-hidden />
        {run.state === "refused" ? t("run.refused") : t("run.failed")}
      </h2>
      <p className="mt-1 break-words">{run.error}</p>
      {run.hint ? <p className="mt-1 break-words text-ink-2">{run.hint}</p> : null}
      {incidents.data?.map((incident) => (
        <p key={incident.id} className="mt-1">
          <Link to={incidentLink(incident.id)} className="font-medium text-bad underline">
            {t("run.incident", { title: incident.title })}
          </Link>
        </p>
      ))}
    </section>
  );
}

function Figures({ run }: { run: Shape<"RunFacts"> }) {
  const steps = run.steps;
  const sum = (of: (step: Shape<"StepFacts">) => number) =>
    (steps ?? []).reduce((all, one) => all + of(one), 0);
  const checked = run.reports.reduce((all, one) => all + (one.rows_staged ?? 0), 0);
  const aside = run.quarantined?.reduce((all, one) => all + one.rows, 0);
  return (
    <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
      <Figure name={t("run.took")} value={formatDuration(secondsOf(run))} />
      {steps === null ? null : (
        <Figure
          name={t("run.read")}
          value={formatCount(sum((step) => (step.files.length ? step.rows_in : 0)))}
          note={t("run.readNote")}
        />
      )}
      <Figure name={t("run.checked")} value={formatCount(checked)} note={t("run.checkedNote")} />
      {aside === undefined ? null : (
        <Figure name={t("run.aside")} value={formatCount(aside)} note={t("run.asideNote")} />
      )}
    </div>
  );
}

/** Where the rows are that this run kept out. */
function SetAside({ run }: { run: Shape<"RunFacts"> }) {
  const count = run.quarantined?.reduce((all, one) => all + one.rows, 0) ?? 0;
  const datasets = [
    ...new Set([
      ...(run.graph ?? []).flatMap((step) => step.dataset ?? []),
      ...run.reports.map((report) => report.dataset),
    ]),
  ];
  if (!count || !datasets.length) return null;
  return (
    <div className="flex flex-wrap items-center gap-2 rounded-lg border border-line bg-warn-soft px-4 py-2 text-sm">
      <span className="grow basis-60 text-warn">{t("run.someAside", { count })}</span>
      {datasets.map((dataset) => (
        <Button key={dataset} size="small" asChild>
          <Link to={quarantineLink(dataset)} search={{ run: run.id }}>
            {t("run.lookAside", { dataset })}
          </Link>
        </Button>
      ))}
    </div>
  );
}
