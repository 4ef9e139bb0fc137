import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Shape } from "@/api/client";
import { RoleNeeded } from "@/app/role-needed";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { whyLink } from "@/lib/links";
import { shortName } from "@/lib/principal";
import { Badge, Status } from "@/ui/badge";
import { Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { type Column, Table } from "@/ui/table";
import { ColumnField, DatasetField, PurposeField } from "./fields";
import { whoQuery } from "./queries";
import { Question } from "./question";
import { SEARCH } from "./search";

/** Who may read a dataset, or see a column of it, and through what. */
export function Who() {
  const [{ dataset, column, purpose }] = useAddress(SEARCH);
  return (
    <>
      <Question names={["dataset", "column", "purpose"]} action={t("governance.listReaders")}>
        {(draft, fill) => (
          <>
            <DatasetField value={draft.dataset} onChange={(one) => fill({ dataset: one })} isRequired />
            <ColumnField
              dataset={draft.dataset}
              value={draft.column}
              onChange={(one) => fill({ column: one })}
            />
            <PurposeField
              value={draft.purpose}
              onChange={(one) => fill({ purpose: one })}
              none={t("governance.everyPurpose")}
            />
          </>
        )}
      </Question>
      {dataset ? (
        <Answer query={{ dataset: [dataset, column].filter(Boolean).join("."), purpose }} name={dataset} />
      ) : (
        <Empty title={t("governance.askWho")}>{t("governance.askWhoDetail")}</Empty>
      )}
    </>
  );
}

function Answer({ query, name }: { query: Parameters<typeof whoQuery>[0]; name: string }) {
  const readers = useQuery(whoQuery(query));
  return (
    <Loaded
      query={readers}
      forbidden={
        <RoleNeeded roles={["auditor", "steward", "administrator"]}>{t("governance.whoFor")}</RoleNeeded>
      }
    >
      {(found) =>
        found.length ? (
          <Panel
            title={t("governance.readers", {
              count: new Set(found.map((one) => one.principal)).size,
              dataset: query.dataset,
            })}
            isFlush
          >
            <Table
              label={t("governance.tab.who")}
              rows={found}
              rowKey={(one) =>
                `${one.principal} ${one.if_taken} ${one.purposes.join()} ${one.through.join()} ${one.clear.join()}`
              }
              columns={columnsOf(name)}
            />
          </Panel>
        ) : (
          <Empty title={t("governance.noReaders", { dataset: query.dataset })} />
        )
      }
    </Loaded>
  );
}

const columnsOf = (name: string): Column<Shape<"ReaderFacts">>[] => [
  {
    id: "principal",
    head: t("governance.who"),
    value: (one) => one.principal,
    cell: (one) => (
      <span className="flex flex-wrap items-center gap-1">
        <Link to={linkTo(one, name)} className="font-medium break-words text-accent hover:underline">
          {shortName(one.principal)}
        </Link>
        {one.if_taken ? (
          <Badge tone="info">
            {t("governance.ifTaken", {
              role: t(`shell.role.${one.if_taken}` as "shell.role.auditor"),
            })}
          </Badge>
        ) : null}
      </span>
    ),
  },
  {
    id: "purposes",
    head: t("governance.purpose"),
    hiddenBelow: "md",
    cell: (one) => <span className="text-xs">{one.purposes.join(", ")}</span>,
  },
  {
    id: "sees",
    head: t("governance.sees"),
    cell: (one) => (
      <div className="space-y-1">
        {one.clear.length ? (
          <p className="flex flex-wrap items-baseline gap-1 text-xs">
            <Status tone="ok">{t("governance.clearance.clear")}</Status>
            <span className="font-mono break-words">{one.clear.join(", ")}</span>
          </p>
        ) : null}
        {one.masked.length ? (
          <p className="flex flex-wrap items-baseline gap-1 text-xs">
            <Status tone="warn">{t("governance.clearance.masked")}</Status>
            <span className="font-mono break-words">{one.masked.join(", ")}</span>
          </p>
        ) : null}
        {one.some_rows ? <p className="text-xs text-ink-2">{t("governance.someRows")}</p> : null}
      </div>
    ),
  },
  {
    id: "through",
    head: t("governance.through"),
    hiddenBelow: "sm",
    cell: (one) => (
      <ul className="text-xs text-ink-2">
        {one.through.map((part) => (
          <li key={part} className="break-words">
            {part}
          </li>
        ))}
      </ul>
    ),
  },
];

const linkTo = (one: Shape<"ReaderFacts">, name: string): string =>
  `${whyLink(one.principal, name)}&purpose=${encodeURIComponent(one.purposes[0] ?? "")}`;
