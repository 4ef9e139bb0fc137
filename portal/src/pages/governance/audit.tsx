import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import type { Shape } from "@/api/client";
import { RoleNeeded } from "@/app/role-needed";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { formatCount } from "@/lib/format";
import { principalId } from "@/lib/principal";
import { Status } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Field, Input, Select } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { Entries } from "./entries";
import { ColumnField, DatasetField, PurposeField, WhoField } from "./fields";
import { Older, Pages } from "./pages";
import { Period, periodOf } from "./period";
import { auditQuery, verificationQuery } from "./queries";
import { Question } from "./question";
import { OUTCOMES, SEARCH } from "./search";

type Asked = NonNullable<Parameters<typeof auditQuery>[0]>;
type Tag = NonNullable<Asked["tag"]>;
const READERS = ["auditor", "administrator"] as const;
const AT_ONCE = 100;

/** What was recorded: who did what, to what, for what, when; and whether the record still is what was recorded. */
export function Audit() {
  const { roles, actions } = useSession();
  const mayRead = READERS.some((role) => roles.includes(role)) || actions.includes("audit:read");
  if (!mayRead) return <RoleNeeded roles={READERS}>{t("governance.auditFor")}</RoleNeeded>;
  return (
    <div className="space-y-4">
      <Chain />
      <Search />
    </div>
  );
}

/** Whether any entry was changed since it was written. */
function Chain() {
  const verification = useQuery(verificationQuery);
  return (
    <Panel title={t("governance.chain")}>
      <Loaded query={verification} skeleton={<div className="skeleton h-6 w-72" />}>
        {(found) => (
          <>
            <p className="flex flex-wrap items-center gap-2 text-sm">
              <Status tone={found.faults.length ? "bad" : "ok"}>
                {found.faults.length ? t("governance.chainBroken") : t("governance.chainHolds")}
              </Status>
              {t("governance.chainFacts", {
                entries: formatCount(found.entries),
                chains: formatCount(found.chains),
                checkpoints: formatCount(found.checkpoints),
              })}
            </p>
            {found.faults.length ? (
              <ul className="mt-2 list-disc pl-5 text-sm text-bad">
                {found.faults.map((fault) => (
                  <li key={`${fault.chain}.${fault.number}`}>{fault.message}</li>
                ))}
              </ul>
            ) : null}
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function Search() {
  const [said] = useAddress(SEARCH);
  const query: Asked = {
    who: said.who ? principalId(said.who) : undefined,
    tag: said.what as Tag | undefined,
    dataset: said.dataset,
    column: said.dataset ? said.column : undefined,
    purpose: said.purpose,
    outcome: said.outcome,
    text: said.text,
    ...periodOf(said.since, said.until),
  };
  const entries = useInfiniteQuery(auditQuery({ ...query, limit: AT_ONCE }));
  return (
    <>
      <Question
        names={["who", "what", "dataset", "column", "purpose", "outcome", "text", "since", "until"]}
        action={t("governance.search")}
      >
        {(draft, fill) => (
          <>
            <WhoField value={draft.who} onChange={(who) => fill({ who })} />
            <Field label={t("governance.what")}>
              <Select value={draft.what} onChange={(event) => fill({ what: event.target.value })}>
                <option value="">{t("governance.everything")}</option>
                {TAGS.map((tag) => (
                  <option key={tag} value={tag}>
                    {t(`governance.tag.${tag}`)}
                  </option>
                ))}
              </Select>
            </Field>
            <DatasetField value={draft.dataset} onChange={(dataset) => fill({ dataset })} />
            <ColumnField
              dataset={draft.dataset}
              value={draft.column}
              onChange={(column) => fill({ column })}
            />
            <PurposeField
              value={draft.purpose}
              onChange={(purpose) => fill({ purpose })}
              none={t("governance.everyPurpose")}
            />
            <Field label={t("governance.outcome")}>
              <Select value={draft.outcome} onChange={(event) => fill({ outcome: event.target.value })}>
                <option value="">{t("governance.everyOutcome")}</option>
                {OUTCOMES.map((one) => (
                  <option key={one} value={one}>
                    {t(`governance.outcome.${one}`)}
                  </option>
                ))}
              </Select>
            </Field>
            <Field label={t("governance.words")}>
              <Input
                value={draft.text}
                onChange={(event) => fill({ text: event.target.value })}
                maxLength={200}
              />
            </Field>
            <Period draft={draft} fill={fill} />
          </>
        )}
      </Question>
      <Pages query={entries} items={(page) => page.entries}>
        {(found) => <Found found={found.filter(isTold)} query={query} entries={entries} />}
      </Pages>
    </>
  );
}

function Found({
  found,
  query,
  entries,
}: {
  found: readonly Shape<"AuditEntryFacts">[];
  query: Asked;
  entries: Parameters<typeof Older>[0]["query"];
}) {
  if (found.length === 0) {
    return (
      <>
        <Empty title={t("governance.noEntries")}>{t("governance.lookingIsRecorded")}</Empty>
        <Older query={entries} />
      </>
    );
  }
  return (
    <div className="space-y-3">
      <Panel
        title={t("governance.entries")}
        isFlush
        actions={
          <Button asChild size="small">
            <a href={exportLink(query)} download>
              <Download aria-hidden />
              {t("governance.export")}
            </a>
          </Button>
        }
      >
        <Entries entries={found} />
      </Panel>
      <Older query={entries} />
    </div>
  );
}

/** A read stands there with how it ended: its end is not told again. */
const isTold = (one: Shape<"AuditEntryFacts">) => one.tag !== "dataset:read_finished";

/** Return where the same is as a file, oldest first. */
function exportLink(query: Asked): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  return `/api/v1/audit/export?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** What one looks for most; everything else is found by words. */
const TAGS = [
  "dataset:read",
  "dataset:read_denied",
  "dataset:read_cut",
  "agreement:requested",
  "agreement:approved",
  "agreement:denied",
  "agreement:narrowed",
  "agreement:renewed",
  "agreement:revoked",
  "agreement:expired",
  "release:published",
  "release:refused",
  "run:started",
  "run:failed",
  "policy:applied",
  "declaration:made",
  "declaration:withdrawn",
  "role:taken",
  "role:assigned",
  "role:ended",
  "session:begun",
  "session:ended",
  "sign_in:refused",
  "token:issued",
  "token:revoked",
  "user:created",
  "user:disabled",
  "team:changed",
  "incident:opened",
  "incident:resolved",
  "ticket:opened",
  "audit:searched",
  "audit:exported",
] as const satisfies readonly Tag[];
