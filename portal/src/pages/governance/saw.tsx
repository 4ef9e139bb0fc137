import { useInfiniteQuery } from "@tanstack/react-query";
import type { Shape } from "@/api/client";
import { RoleNeeded } from "@/app/role-needed";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { formatCount } from "@/lib/format";
import { shortName } from "@/lib/principal";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/state";
import { type Column, Table } from "@/ui/table";
import { Time } from "@/ui/time";
import { ColumnField, DatasetField } from "./fields";
import { Older, Pages } from "./pages";
import { Period, periodOf } from "./period";
import { auditQuery } from "./queries";
import { Question } from "./question";
import { Clearance } from "./reasons";
import { SEARCH } from "./search";

type Entry = Shape<"AuditEntryFacts">;
const AT_ONCE = 200;

/** Who saw a column, in clear or masked: each read that could show it, from the audit. */
export function Saw() {
  const [{ dataset, column, since, until }] = useAddress(SEARCH);
  return (
    <>
      <Question names={["dataset", "column", "since", "until"]} action={t("governance.listSaw")}>
        {(draft, fill) => (
          <>
            <DatasetField value={draft.dataset} onChange={(one) => fill({ dataset: one })} isRequired />
            <ColumnField
              dataset={draft.dataset}
              value={draft.column}
              onChange={(one) => fill({ column: one })}
              isRequired
            />
            <Period draft={draft} fill={fill} />
          </>
        )}
      </Question>
      {dataset && column ? (
        <Answer dataset={dataset} column={column} period={periodOf(since, until)} />
      ) : (
        <Empty title={t("governance.askSaw")}>{t("governance.askSawDetail")}</Empty>
      )}
    </>
  );
}

function Answer({
  dataset,
  column,
  period,
}: {
  dataset: string;
  column: string;
  period: ReturnType<typeof periodOf>;
}) {
  const reads = useInfiniteQuery(auditQuery({ dataset, column, ...period, limit: AT_ONCE }));
  return (
    <Pages
      query={reads}
      items={(page) => page.entries}
      forbidden={<RoleNeeded roles={["auditor", "administrator"]}>{t("governance.auditFor")}</RoleNeeded>}
    >
      {(entries) =>
        entries.length ? (
          <div className="space-y-4">
            <People entries={entries} dataset={dataset} column={column} isAll={!reads.hasNextPage} />
            <Panel title={t("governance.reads.title")} isFlush>
              <Table
                label={t("governance.reads.title")}
                rows={entries}
                rowKey={(one) => `${one.chain}.${one.number}`}
                columns={columnsOf(dataset, column)}
              />
            </Panel>
            <Older query={reads} />
          </div>
        ) : (
          <Empty title={t("governance.nobodySaw", { column: `${dataset}.${column}` })}>
            {t("governance.lookingIsRecorded")}
          </Empty>
        )
      }
    </Pages>
  );
}

/** Each who saw it, with how often, and whether in clear. */
function People({
  entries,
  dataset,
  column,
  isAll,
}: {
  entries: readonly Entry[];
  dataset: string;
  column: string;
  isAll: boolean;
}) {
  const people = new Map<string, { reads: number; isClear: boolean; last: string }>();
  for (const one of entries) {
    const known = people.get(one.principal) ?? { reads: 0, isClear: false, last: one.at };
    people.set(one.principal, {
      reads: known.reads + 1,
      isClear: known.isClear || seen(one, dataset, column) === "clear",
      // The newest comes first.
      last: known.last,
    });
  }
  const rows = [...people].map(([who, told]) => ({ who, ...told })).sort((a, b) => b.reads - a.reads);
  return (
    <Panel
      title={
        isAll
          ? t("governance.people", { count: rows.length })
          : t("governance.peopleSoFar", { count: rows.length })
      }
      isFlush
    >
      <Table
        label={t("governance.tab.saw")}
        rows={rows}
        rowKey={(one) => one.who}
        columns={[
          {
            id: "who",
            head: t("governance.who"),
            value: (one) => one.who,
            cell: (one) => <span className="font-medium break-words">{shortName(one.who)}</span>,
          },
          {
            id: "how",
            head: t("governance.seen"),
            value: (one) => (one.isClear ? "clear" : "masked"),
            cell: (one) => <Clearance clearance={one.isClear ? "clear" : "masked"} />,
          },
          {
            id: "reads",
            head: t("governance.readCount"),
            isNumber: true,
            value: (one) => one.reads,
            cell: (one) => formatCount(one.reads),
          },
          {
            id: "last",
            head: t("governance.last"),
            value: (one) => Date.parse(one.last),
            cell: (one) => <Time at={one.last} />,
            hiddenBelow: "sm",
          },
        ]}
      />
    </Panel>
  );
}

const columnsOf = (dataset: string, column: string): Column<Entry>[] => [
  { id: "at", head: t("governance.when"), cell: (one) => <Time at={one.at} /> },
  {
    id: "who",
    head: t("governance.who"),
    cell: (one) => <span className="break-words">{shortName(one.principal)}</span>,
  },
  { id: "purpose", head: t("governance.purpose"), cell: (one) => one.purpose, hiddenBelow: "sm" },
  {
    id: "how",
    head: t("governance.seen"),
    cell: (one) => <Clearance clearance={seen(one, dataset, column)} />,
  },
  {
    id: "rows",
    head: t("governance.rows"),
    isNumber: true,
    cell: (one) => (one.rows === null ? "" : formatCount(one.rows)),
    hiddenBelow: "md",
  },
  {
    id: "outcome",
    head: t("governance.outcome"),
    cell: (one) =>
      one.outcome ? t(`governance.outcome.${one.outcome}` as "governance.outcome.finished") : "",
    hiddenBelow: "md",
  },
];

/** How a read saw a column: what it names in clear in one of the releases was seen in clear. */
function seen(entry: Entry, dataset: string, column: string): "clear" | "masked" {
  const uses = Object.entries((entry.detail.datasets ?? {}) as Record<string, { columns?: string[] }>);
  const isClear = uses.some(([use, told]) => use.split("@")[0] === dataset && told.columns?.includes(column));
  return isClear ? "clear" : "masked";
}
