import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Lock, ShieldCheck } from "lucide-react";
import { useState } from "react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { useAddress, useInPath } from "@/lib/address";
import { formatCount } from "@/lib/format";
import { datasetLink, productLink, runLink } from "@/lib/links";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";
import { NotFound } from "@/ui/not-found";
import { PageHead } from "@/ui/page";
import { Figure, Panel } from "@/ui/panel";
import { Empty, Failed, Loaded } from "@/ui/state";
import { Table } from "@/ui/table";
import { say } from "@/ui/toast";
import { Discard } from "./discard";
import { Edit } from "./edit";
import { keptOutQuery, PAGE_ROWS, releaseRows } from "./queries";
import { reasonOf } from "./reason";
import { Rows } from "./rows";
import { SEARCH, STATES } from "./search";

/** The rows of a dataset that were set aside: why, and what becomes of them. */
export function Page() {
  const path = { domain: useInPath("domain"), dataset: useInPath("dataset") };
  const [{ row: _, ...narrowed }] = useAddress(SEARCH);
  const found = useQuery(keptOutQuery(path, narrowed));
  return (
    <Loaded query={found} missing={<NotFound />}>
      {(page) => <KeptOut key={page.dataset} page={page} />}
    </Loaded>
  );
}

function KeptOut({ page }: { page: Shape<"KeptOutPage"> }) {
  const path = { domain: useInPath("domain"), dataset: useInPath("dataset") };
  const [{ run, row }, change] = useAddress(SEARCH);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isDiscarding, setDiscarding] = useState(false);
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const release = useMutation({
    mutationFn: () => releaseRows(path),
    onSuccess: async (begun) => {
      await queryClient.invalidateQueries({ queryKey: ["runs"] });
      await say(t("quarantine.releasing"));
      await navigate({ to: runLink(begun.id) });
    },
  });
  const edited = page.rows?.find((one) => one.id === row);
  const changed = async () => {
    setChosen(new Set());
    await queryClient.invalidateQueries({ queryKey: ["runs", "kept-out"] });
  };
  return (
    <>
      <PageHead
        title={t("quarantine.title", { dataset: page.dataset })}
        above={
          <span className="flex flex-wrap items-center gap-2">
            <Link to={productLink(page.product)} className="hover:underline">
              {page.product}
            </Link>
            <Link to={datasetLink(page.dataset)} className="hover:underline">
              {page.dataset}
            </Link>
          </span>
        }
        actions={
          page.may_repair ? (
            <Button
              kind="primary"
              disabled={!page.fixed || release.isPending}
              onClick={() => release.mutate()}
            >
              {page.fixed ? t("quarantine.release", { count: page.fixed }) : t("quarantine.releaseNone")}
            </Button>
          ) : null
        }
      >
        {t("quarantine.lead")}
      </PageHead>
      <div className="space-y-4">
        {release.isError ? <Failed error={release.error} /> : null}
        {run ? (
          <div className="flex flex-wrap items-center gap-2 rounded-lg border border-line bg-sunken px-4 py-2 text-sm">
            <span className="flex-1">
              {t("quarantine.ofRun")}{" "}
              <Link to={runLink(run)} className="font-mono text-xs text-accent hover:underline">
                {run}
              </Link>
            </span>
            <Button size="small" onClick={() => change({ run: undefined, after: undefined })}>
              {t("quarantine.allRuns")}
            </Button>
          </div>
        ) : null}
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
          {STATES.map((state) => (
            <Figure
              key={state}
              name={t(`quarantine.state.${state}`)}
              value={formatCount(page[state])}
              note={t(`quarantine.note.${state}`)}
            />
          ))}
        </div>
        {page.lost ? (
          <p className="text-sm text-ink-2">{t("quarantine.lost", { count: page.lost })}</p>
        ) : null}
        {page.rows === null ? (
          <Reasons page={page} />
        ) : (
          <>
            <Narrow page={page} />
            {page.rows.length ? (
              <>
                <Rows
                  rows={page.rows}
                  chosen={chosen}
                  onChoose={setChosen}
                  onEdit={(one) => change({ row: one.id })}
                  onDiscard={() => setDiscarding(true)}
                />
                <Pages page={page} />
              </>
            ) : (
              <Panel>
                <Empty
                  icon={ShieldCheck}
                  title={page.quarantined ? t("quarantine.noneSo") : t("quarantine.none")}
                  action={
                    page.quarantined ? (
                      <Button
                        onClick={() =>
                          change({ state: undefined, reason: undefined, file: undefined, after: undefined })
                        }
                      >
                        {t("quarantine.showAll")}
                      </Button>
                    ) : null
                  }
                >
                  {t("quarantine.noneDetail")}
                </Empty>
              </Panel>
            )}
          </>
        )}
      </div>
      {edited ? (
        <Edit
          key={edited.id}
          path={path}
          row={edited}
          onClose={() => change({ row: undefined })}
          onChanged={changed}
        />
      ) : null}
      {isDiscarding && chosen.size ? (
        <Discard path={path} rows={[...chosen]} onClose={() => setDiscarding(false)} onChanged={changed} />
      ) : null}
    </>
  );
}

/** What somebody sees who may know of the dataset, and not look into it. */
function Reasons({ page }: { page: Shape<"KeptOutPage"> }) {
  return (
    <>
      {page.reasons.length ? (
        <Panel title={t("quarantine.reasons")} isFlush>
          <Table
            label={t("quarantine.reasons")}
            rows={page.reasons}
            rowKey={(one) => one.reason}
            columns={[
              { id: "reason", head: t("quarantine.reason"), cell: (one) => reasonOf(one.reason) },
              {
                id: "rows",
                head: t("quarantine.rows"),
                isNumber: true,
                value: (one) => one.rows,
                cell: (one) => formatCount(one.rows),
              },
            ]}
          />
        </Panel>
      ) : null}
      <Empty icon={Lock} title={t("quarantine.notYours")}>
        {t("quarantine.notYoursDetail")}
      </Empty>
    </>
  );
}

function Narrow({ page }: { page: Shape<"KeptOutPage"> }) {
  const [{ state, reason, file }, change] = useAddress(SEARCH);
  return (
    <div className="grid gap-3 sm:grid-cols-3 lg:max-w-3xl">
      <Select
        aria-label={t("quarantine.state")}
        value={state ?? ""}
        onChange={(event) =>
          change({ state: STATES.find((one) => one === event.target.value), after: undefined })
        }
      >
        <option value="">{t("quarantine.allStates")}</option>
        {STATES.map((one) => (
          <option key={one} value={one}>
            {t(`quarantine.state.${one}`)}
          </option>
        ))}
      </Select>
      <Select
        aria-label={t("quarantine.reason")}
        value={reason ?? ""}
        onChange={(event) => change({ reason: event.target.value || undefined, after: undefined })}
      >
        <option value="">{t("quarantine.allReasons")}</option>
        {[...new Set([...(reason ? [reason] : []), ...page.reasons.map((one) => one.reason)])].map((one) => (
          <option key={one} value={one}>
            {reasonOf(one)}
          </option>
        ))}
      </Select>
      {page.files?.length || file ? (
        <Select
          aria-label={t("quarantine.file")}
          value={file ?? ""}
          onChange={(event) => change({ file: event.target.value || undefined, after: undefined })}
        >
          <option value="">{t("quarantine.allFiles")}</option>
          {[...new Set([...(file ? [file] : []), ...(page.files ?? []).map((one) => one.file)])].map(
            (one) => (
              <option key={one}>{one}</option>
            ),
          )}
        </Select>
      ) : null}
    </div>
  );
}

function Pages({ page }: { page: Shape<"KeptOutPage"> }) {
  const [{ after = 0 }, change] = useAddress(SEARCH);
  const matching = page.matching ?? 0;
  if (matching <= PAGE_ROWS) return null;
  const end = after + (page.rows?.length ?? 0);
  return (
    <nav aria-label={t("quarantine.pages")} className="flex items-center justify-end gap-2 text-sm">
      <span className="text-ink-2">
        {t("quarantine.shown", {
          from: formatCount(after + 1),
          to: formatCount(end),
          all: formatCount(matching),
        })}
      </span>
      <Button
        size="small"
        disabled={!after}
        onClick={() => change({ after: Math.max(0, after - PAGE_ROWS) || undefined })}
      >
        {t("quarantine.previous")}
      </Button>
      <Button size="small" disabled={page.next === null} onClick={() => change({ after: page.next ?? 0 })}>
        {t("quarantine.next")}
      </Button>
    </nav>
  );
}
