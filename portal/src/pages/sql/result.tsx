import { useMutation, useQuery } from "@tanstack/react-query";
import { Download, TimerOff } from "lucide-react";
import { lazy, Suspense } from "react";
import type { Shape } from "@/api/client";
import { isCode } from "@/api/problem";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { formatCount, formatDuration } from "@/lib/format";
import { Button } from "@/ui/button";
import { Grid } from "@/ui/grid";
import { Menu, MenuItem } from "@/ui/menu";
import { Empty, Failed, Loaded, Skeleton } from "@/ui/state";
import { Tabs } from "@/ui/tabs";
import { exportAnswer, FORM_NAMES } from "./export";
import { Masks } from "./masks";
import type { Asked } from "./open";
import { isOpen, questionQuery, useRows } from "./queries";
import { Refused } from "./refused";
import { SEARCH, VIEWS } from "./search";

// Nobody waits for what draws before there is something to draw.
const ResultChart = lazy(() => import("./chart").then((module) => ({ default: module.ResultChart })));

/** What became of a question: its rows, a chart of them, and what one sees of them; or why there are none. */
export function Result({ asked, name }: { asked: Asked; name: string }) {
  if (asked.problem) return <Refused sql={asked.sql} problem={asked.problem} />;
  if (asked.isStopped) return <Empty icon={TimerOff} title={t("sql.stopped")} />;
  if (asked.id === null) return <Skeleton />;
  return <Awaited id={asked.id} asked={asked} name={name} />;
}

function Awaited({ id, asked, name }: { id: string; asked: Asked; name: string }) {
  const question = useQuery(questionQuery(id));
  const isGone = isCode(question.error, "not_found");
  if (isGone) {
    return (
      <Empty icon={TimerOff} title={t("sql.gone")}>
        {t("sql.goneDetail")}
      </Empty>
    );
  }
  return (
    <Loaded query={question}>
      {(found) =>
        isOpen(found) ? (
          <Skeleton />
        ) : found.state === "finished" ? (
          <Answered question={found} asked={asked} name={name} />
        ) : (
          <Refused sql={asked.sql} problem={problemOf(found)} />
        )
      }
    </Loaded>
  );
}

function Answered({
  question,
  asked,
  name,
}: {
  question: Shape<"AskedQuestion">;
  asked: Asked;
  name: string;
}) {
  const [{ view = "rows" }, change] = useAddress(SEARCH);
  const { head, row, onSeen, failed } = useRows(question.id);
  const total = question.row_count ?? 0;
  return (
    <Loaded query={head}>
      {({ columns, releases }) => (
        <>
          <div className="mb-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-2">
            <span role="status" className="font-medium text-ink">
              {asked.elapsedS === undefined
                ? t("sql.answered", { rows: t("shell.rows", { count: total }) })
                : t("sql.answeredIn", {
                    rows: t("shell.rows", { count: total }),
                    time: formatDuration(asked.elapsedS),
                  })}
            </span>
            {Object.entries(releases).map(([dataset, release]) => (
              <span key={dataset}>{t("sql.fromRelease", { dataset, release: String(release) })}</span>
            ))}
            <span className="flex-1" />
            <Export question={question.id} name={name} />
          </div>
          <Tabs
            label={t("sql.views")}
            chosen={view}
            onChoose={(chosen) => change({ view: VIEWS.find((one) => one === chosen) })}
            tabs={[
              {
                name: "rows",
                label: t("sql.view.rows"),
                content: () =>
                  total ? (
                    <div className="overflow-hidden rounded-lg border border-line">
                      <Grid
                        label={t("sql.answer")}
                        columns={columns}
                        rowCount={total}
                        row={row}
                        onSeen={onSeen}
                        height={Math.min(420, (total + 1) * 28 + 16)}
                      />
                      {failed ? <Failed error={failed.error} onRetry={() => void failed.refetch()} /> : null}
                    </div>
                  ) : (
                    <Empty title={t("sql.noRows")}>
                      {t("sql.noRowsDetail", { columns: formatCount(columns.length) })}
                    </Empty>
                  ),
              },
              {
                name: "chart",
                label: t("sql.view.chart"),
                content: () => (
                  <Suspense fallback={<Skeleton />}>
                    <ResultChart question={question.id} />
                  </Suspense>
                ),
              },
              {
                name: "masks",
                label: t("sql.view.masks"),
                content: () => <Masks sql={asked.sql} datasets={Object.keys(releases)} />,
              },
            ]}
          />
        </>
      )}
    </Loaded>
  );
}

function Export({ question, name }: { question: string; name: string }) {
  const saving = useMutation({
    mutationFn: (form: (typeof FORM_NAMES)[number]) => exportAnswer(question, form, name),
  });
  return (
    <>
      {saving.isError ? (
        <span role="alert" className="text-bad">
          {saving.error.message}
        </span>
      ) : null}
      <Menu
        trigger={
          <Button size="small" disabled={saving.isPending}>
            <Download aria-hidden />
            {saving.isPending ? t("sql.exporting") : t("sql.export")}
          </Button>
        }
      >
        {FORM_NAMES.map((form) => (
          <MenuItem key={form} onSelect={() => saving.mutate(form)}>
            {t(`sql.form.${form}`)}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}

/** The error of a question that failed while nobody waited, in the shape of all errors. */
function problemOf(question: Shape<"AskedQuestion">) {
  return {
    status: 422,
    code: question.error?.code ?? question.state,
    title: question.state === "interrupted" ? t("sql.interrupted") : t("sql.failed"),
    detail: question.error?.message ?? t("sql.interruptedDetail"),
    hint: question.error?.hint ?? null,
    reasons: [],
    request_id: "",
  };
}
