import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Shape } from "@/api/client";
import { RoleNeeded } from "@/app/role-needed";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { formatMoment } from "@/lib/format";
import { agreementLink, askLink, datasetLink } from "@/lib/links";
import { principalId, shortName } from "@/lib/principal";
import { Status } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { Marks } from "@/ui/marks";
import { Facts, Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { type Column, Table } from "@/ui/table";
import { ColumnField, DatasetField, PurposeField, WhoField } from "./fields";
import { whyQuery } from "./queries";
import { Question } from "./question";
import { Clearance, maskWords, Reasons } from "./reasons";
import { SEARCH } from "./search";

type Explanation = Shape<"ExplanationFacts">;

/** Why somebody sees a dataset as they do, now or at a time that has passed. */
export function Why() {
  const { purpose, id } = useSession();
  const [said] = useAddress(SEARCH);
  return (
    <>
      <Question names={["who", "dataset", "column", "purpose", "at"]} action={t("governance.explain")}>
        {(draft, fill) => (
          <>
            <WhoField
              value={draft.who}
              onChange={(who) => fill({ who })}
              hint={t("governance.whoMe", { who: shortName(id) })}
            />
            <DatasetField value={draft.dataset} onChange={(dataset) => fill({ dataset })} isRequired />
            <ColumnField
              dataset={draft.dataset}
              value={draft.column}
              onChange={(column) => fill({ column })}
            />
            <PurposeField value={draft.purpose || purpose} onChange={(one) => fill({ purpose: one })} />
            <Field label={t("governance.at")} hint={t("governance.atHint")}>
              <Input
                type="datetime-local"
                value={draft.at}
                onChange={(event) => fill({ at: event.target.value })}
              />
            </Field>
          </>
        )}
      </Question>
      {said.dataset ? (
        <Answer
          query={{
            dataset: [said.dataset, said.column].filter(Boolean).join("."),
            user: said.who ? principalId(said.who) : undefined,
            purpose: said.purpose,
            at: momentOf(said.at),
          }}
        />
      ) : (
        <Empty title={t("governance.askWhy")}>{t("governance.askWhyDetail")}</Empty>
      )}
    </>
  );
}

/** Return a time of an address as the server takes it; one that no clock shows is none. */
function momentOf(at: string | undefined): string | undefined {
  const time = new Date(at ?? "");
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

function Answer({ query }: { query: Parameters<typeof whyQuery>[0] }) {
  const why = useQuery(whyQuery(query));
  return (
    <Loaded
      query={why}
      forbidden={
        <RoleNeeded roles={["auditor", "steward", "administrator"]}>{t("governance.whyFor")}</RoleNeeded>
      }
    >
      {(found) => <Explained found={found} />}
    </Loaded>
  );
}

function Explained({ found }: { found: Explanation }) {
  const { id } = useSession();
  const values = { who: shortName(found.principal), dataset: found.dataset, purpose: found.purpose };
  return (
    <div className="space-y-4" aria-live="polite">
      <Panel>
        <div className="flex flex-wrap items-center gap-2">
          <Status tone={found.may_read ? "ok" : found.may_discover ? "warn" : "bad"}>
            {found.may_read
              ? t("governance.reads")
              : found.may_discover
                ? t("governance.finds")
                : t("governance.nothing")}
          </Status>
          <p className="min-w-60 flex-1 font-medium">
            {found.may_read
              ? t("governance.mayRead", values)
              : found.may_discover
                ? t("governance.mayFind", values)
                : t("governance.mayNothing", values)}
          </p>
          <Button asChild size="small">
            <Link to={datasetLink(found.dataset)}>{t("governance.showDataset")}</Link>
          </Button>
          {found.principal === id && found.may_discover && !found.may_read ? (
            <Button asChild size="small" kind="primary">
              <Link to={askLink(found.dataset)}>{t("governance.ask")}</Link>
            </Button>
          ) : null}
        </div>
        {found.reasons.length ? (
          <ul className="mt-2 list-disc pl-5 text-sm">
            {found.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        ) : null}
      </Panel>
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_360px]">
        <div className="min-w-0 space-y-4">
          <Panel title={t("governance.decides")}>
            <Facts
              facts={[
                [t("governance.toFind"), <Reasons key="find" policies={found.discover} />],
                [t("governance.toRead"), <Reasons key="read" policies={found.read} />],
                [
                  t("governance.tab.agreements"),
                  found.agreements.length ? (
                    <ul key="agreements" className="space-y-1">
                      {found.agreements.map((one) => (
                        <li key={one.id}>
                          <Link to={agreementLink(one.id)} className="text-accent hover:underline">
                            {t("governance.agreementOf", {
                              who: shortName(one.grantee),
                              until: formatMoment(one.until),
                            })}
                          </Link>
                          {one.rows ? ` · ${t("governance.someRows")}` : ""}
                        </li>
                      ))}
                    </ul>
                  ) : (
                    <span key="none" className="text-ink-3">
                      {t("governance.noAgreement")}
                    </span>
                  ),
                ],
              ]}
            />
          </Panel>
          <Panel title={t("governance.columns")} isFlush>
            {found.columns.length ? (
              <Table
                label={t("governance.columns")}
                rows={found.columns}
                rowKey={(one) => one.name}
                columns={COLUMNS()}
              />
            ) : (
              <Empty title={t("governance.noColumns")} />
            )}
          </Panel>
        </div>
        <Circumstances found={found} />
      </div>
    </div>
  );
}

/** What was known of who asks, and of what decides. */
function Circumstances({ found }: { found: Explanation }) {
  const names = (ids: readonly string[]) => ids.map(shortName).join(", ") || t("governance.none");
  return (
    <Panel title={t("governance.known")}>
      <Facts
        facts={[
          [t("governance.teams"), names(found.teams)],
          [t("governance.roles"), names(found.roles)],
          ...(found.not_taken.length ? [[t("governance.notTaken"), names(found.not_taken)] as const] : []),
          [t("governance.owners"), names(found.owners)],
          [t("governance.purpose"), found.purpose],
          [t("governance.at"), formatMoment(found.at)],
          [
            t("governance.version"),
            <span key="version" className="font-mono text-xs">
              {found.policy_version.slice(0, 12)}
            </span>,
          ],
          ...(found.is_enabled ? [] : [[t("governance.account"), t("governance.disabled")] as const]),
          ...found.unknown.map((one) => [t("governance.unknown"), one] as const),
        ]}
      />
    </Panel>
  );
}

const COLUMNS = (): Column<Shape<"ColumnReasonFacts">>[] => [
  {
    id: "name",
    head: t("governance.column"),
    value: (one) => one.name,
    cell: (one) => <span className="font-mono text-xs break-words">{one.name}</span>,
  },
  {
    id: "clearance",
    head: t("governance.seen"),
    value: (one) => one.clearance,
    cell: (one) => <Clearance clearance={one.clearance} />,
  },
  {
    id: "about",
    head: t("governance.classification"),
    hiddenBelow: "sm",
    cell: (one) => <Marks column={one} />,
  },
  {
    id: "because",
    head: t("governance.because"),
    hiddenBelow: "md",
    cell: (one) => (
      <span className="text-xs">
        {one.policies.map((policy) => policy.reason).join("; ") ||
          (one.agreements.length
            ? t("governance.byAgreement", { count: one.agreements.length })
            : one.clearance === "masked" && one.mask
              ? t("governance.maskedBecause", { mask: maskWords(one.mask), because: one.mask_because })
              : t("governance.nothingGives"))}
      </span>
    ),
  },
];
