import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Shape } from "@/api/client";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { split, useAddress } from "@/lib/address";
import { formatCount } from "@/lib/format";
import { lineageLink, linkOf } from "@/lib/links";
import { Button } from "@/ui/button";
import { Marks } from "@/ui/marks";
import { Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { type Column, Table } from "@/ui/table";
import { Declarations } from "./declarations";
import { DeclareSheet } from "./declare";
import { personalDataQuery } from "./queries";
import { maskWords } from "./reasons";
import { SEARCH } from "./search";

type Personal = Shape<"PersonalColumnFacts">;

/** Where data about persons is: by domain and kind, then by dataset and column. */
export function PersonalData() {
  const personal = useQuery(personalDataQuery({}));
  return (
    <div className="space-y-4">
      <Loaded query={personal}>
        {(columns) =>
          columns.length ? (
            <>
              <Overview columns={columns} />
              <Columns columns={columns} />
            </>
          ) : (
            <Empty title={t("governance.noPersonal")}>{t("governance.noPersonalDetail")}</Empty>
          )
        }
      </Loaded>
      <Declarations />
    </div>
  );
}

const columnLink = (one: Personal): string =>
  linkOf({ kind: "column", name: `${one.dataset}.${one.column}`, links: [] });
const domainOf = (one: Personal) => split(one.dataset).domain;
/** What a column is about; what has no tag is there for its classification. */
const kindsOf = (one: Personal) => (one.tags.length ? one.tags : [one.classification]);

/** Domains below each other, kinds beside each other; each number leads to its columns. */
function Overview({ columns }: { columns: readonly Personal[] }) {
  const [{ domain, tag }, change] = useAddress(SEARCH);
  const domains = [...new Set(columns.map(domainOf))].sort();
  const kinds = [...new Set(columns.flatMap(kindsOf))].sort();
  const count = (of: string, kind: string) =>
    columns.filter((one) => domainOf(one) === of && kindsOf(one).includes(kind)).length;
  return (
    <Panel title={t("governance.personalMap")} isFlush>
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={t("governance.personalMap")}>
        <table className="w-full border-collapse text-sm">
          <thead>
            <tr className="border-b border-line text-xs text-ink-2">
              <th scope="col" className="px-3 py-2 text-left font-medium">
                {t("governance.domain")}
              </th>
              {kinds.map((kind) => (
                <th key={kind} scope="col" className="px-3 py-2 text-right font-medium whitespace-nowrap">
                  {kind}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {domains.map((of) => (
              <tr key={of} className="border-b border-line last:border-b-0">
                <th scope="row" className="px-3 py-1.5 text-left font-medium">
                  {of}
                </th>
                {kinds.map((kind) => {
                  const columnsThere = count(of, kind);
                  const isChosen = domain === of && tag === kind;
                  return (
                    <td key={kind} className="tnum px-3 py-1.5 text-right">
                      {columnsThere ? (
                        <Button
                          kind={isChosen ? "primary" : "quiet"}
                          size="small"
                          aria-pressed={isChosen}
                          aria-label={t("governance.narrowTo", { domain: of, kind, count: columnsThere })}
                          onClick={() =>
                            change(
                              isChosen ? { domain: undefined, tag: undefined } : { domain: of, tag: kind },
                            )
                          }
                        >
                          {formatCount(columnsThere)}
                        </Button>
                      ) : (
                        <span aria-hidden className="px-2 text-ink-3">
                          ·
                        </span>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Columns({ columns }: { columns: readonly Personal[] }) {
  const [{ domain, tag }, change] = useAddress(SEARCH);
  const { actions, domains } = useSession();
  const [declared, setDeclared] = useState<Personal>();
  const shown = columns.filter(
    (one) => (!domain || domainOf(one) === domain) && (!tag || kindsOf(one).includes(tag)),
  );
  const mayDeclare = actions.includes("tag:declare");
  return (
    <>
      <Panel
        title={t("governance.personalColumns", { count: shown.length })}
        isFlush
        actions={
          domain || tag ? (
            <Button kind="quiet" size="small" onClick={() => change({ domain: undefined, tag: undefined })}>
              {t("governance.showAll")}
            </Button>
          ) : null
        }
      >
        <Table
          label={t("governance.tab.personal")}
          rows={shown}
          rowKey={(one) => `${one.dataset}.${one.column}`}
          columns={columnsOf(mayDeclare ? domains : [], setDeclared)}
        />
      </Panel>
      {declared ? <DeclareSheet column={declared} onClose={() => setDeclared(undefined)} /> : null}
    </>
  );
}

/** The columns of the table; whoever owns a domain declares about it. */
const columnsOf = (owned: readonly string[], onDeclare: (column: Personal) => void): Column<Personal>[] => [
  {
    id: "column",
    head: t("governance.column"),
    value: (one) => `${one.dataset}.${one.column}`,
    cell: (one) => (
      <div className="min-w-0">
        <Link to={columnLink(one)} className="font-mono text-xs break-words text-accent hover:underline">
          {one.dataset}.{one.column}
        </Link>
        {Object.keys(one.carried).length || one.classification_from.length ? (
          <p className="text-xs text-ink-2">
            <Link to={lineageLink(one.dataset, one.column)} className="hover:underline">
              {t("governance.carried", {
                from: [...new Set([...Object.values(one.carried).flat(), ...one.classification_from])].join(
                  ", ",
                ),
              })}
            </Link>
          </p>
        ) : null}
      </div>
    ),
  },
  {
    id: "about",
    head: t("governance.classification"),
    value: (one) => one.classification,
    cell: (one) => <Marks column={one} />,
  },
  {
    id: "mask",
    head: t("governance.others"),
    hiddenBelow: "md",
    cell: (one) => (
      <span className="text-xs">
        {t("governance.maskedBecause", { mask: maskWords(one.mask), because: one.mask_because })}
      </span>
    ),
  },
  {
    id: "agreements",
    head: t("governance.clearBy"),
    hiddenBelow: "lg",
    isNumber: true,
    value: (one) => one.agreements,
    cell: (one) =>
      one.agreements === null ? (
        <span className="text-ink-3">{t("governance.notForYou")}</span>
      ) : (
        formatCount(one.agreements)
      ),
  },
  ...(owned.length
    ? [
        {
          id: "declare",
          head: t("governance.own"),
          cell: (one: Personal) =>
            owned.includes(domainOf(one)) ? (
              <Button
                size="small"
                kind="quiet"
                aria-label={t("governance.declareAbout", { column: `${one.dataset}.${one.column}` })}
                onClick={() => onDeclare(one)}
              >
                {t("governance.declare")}
              </Button>
            ) : null,
        },
      ]
    : []),
];
