import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Shape } from "@/api/client";
import { RoleNeeded } from "@/app/role-needed";
import { t } from "@/i18n/texts";
import { formatMoment } from "@/lib/format";
import { shortName } from "@/lib/principal";
import { Badge, Status } from "@/ui/badge";
import { Code } from "@/ui/code";
import { Select } from "@/ui/field";
import { Facts, Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { policiesQuery } from "./queries";
import { Effect } from "./reasons";

type Policy = Shape<"WordedPolicyFacts">;

/** The policies that are in force, in words; as they are written for those who want to see that. */
export function Policies() {
  const policies = useQuery(policiesQuery);
  return (
    <Loaded
      query={policies}
      forbidden={
        <RoleNeeded roles={["auditor", "steward", "administrator"]}>{t("governance.policiesFor")}</RoleNeeded>
      }
    >
      {(found) => (
        <div className="space-y-4">
          <InForce found={found} />
          <List policies={found.policies} />
        </div>
      )}
    </Loaded>
  );
}

function InForce({ found }: { found: Shape<"PoliciesInForceFacts"> }) {
  const tone = found.files === "applied" ? "ok" : found.files === "invalid" ? "bad" : "warn";
  return (
    <Panel title={t("governance.inForce")}>
      <Facts
        facts={[
          [
            t("governance.files"),
            <Status key="files" tone={tone}>
              {t(`governance.files.${found.files}` as "governance.files.applied")}
            </Status>,
          ],
          [
            t("governance.appliedAt"),
            found.applied_at
              ? t("governance.appliedBy", {
                  time: formatMoment(found.applied_at),
                  who: shortName(found.applied_by ?? ""),
                })
              : t("governance.neverApplied"),
          ],
          [
            t("governance.version"),
            <span key="version" className="font-mono text-xs">
              {found.version.slice(0, 12)}
            </span>,
          ],
          ...(found.fault ? [[t("governance.fault"), found.fault] as const] : []),
        ]}
      />
    </Panel>
  );
}

function List({ policies }: { policies: readonly Policy[] }) {
  const [action, setAction] = useState("");
  const actions = [...new Set(policies.flatMap((one) => one.actions))].sort();
  const shown = policies.filter((one) => !action || one.actions.includes(action));
  // The organisation's own first: what Ghala brings along is the same everywhere.
  const ordered = [...shown].sort((a, b) => Number(isBuiltIn(a)) - Number(isBuiltIn(b)));
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <Select
          aria-label={t("governance.action")}
          value={action}
          className="w-auto!"
          onChange={(event) => setAction(event.target.value)}
        >
          <option value="">{t("governance.everyAction")}</option>
          {actions.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </Select>
        <span role="status" className="text-xs text-ink-3">
          {t("governance.policies", { count: shown.length })}
        </span>
      </div>
      {ordered.length ? (
        <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-panel">
          {ordered.map((one) => (
            <li key={one.id} className="px-4 py-3">
              <div className="flex flex-wrap items-start gap-x-3 gap-y-1">
                <p className="min-w-0 flex-1 font-medium wrap-anywhere">{titleOf(one)}</p>
                <Effect effect={one.effect} />
              </div>
              {one.says && one.reason ? (
                <p className="text-sm wrap-anywhere text-ink-2">
                  {titleOf(one) === one.says ? one.reason : one.says}
                </p>
              ) : null}
              <p className="mt-1 flex flex-wrap items-center gap-1 text-xs text-ink-3">
                {one.actions.map((name) => (
                  <Badge key={name}>{name}</Badge>
                ))}
                {one.roles.map((role) => (
                  <Badge key={role} tone="info">
                    {t(`shell.role.${role}`)}
                  </Badge>
                ))}
                <span className="font-mono wrap-anywhere">{one.id}</span>
                {isBuiltIn(one) ? <span>{t("governance.builtIn")}</span> : null}
              </p>
              <details className="mt-1">
                <summary className="w-fit cursor-pointer text-xs text-accent">
                  {t("governance.asWritten")}
                </summary>
                <div className="mt-1">
                  <Code text={one.text} label={t("governance.copyPolicy", { policy: one.id })} />
                </div>
              </details>
            </li>
          ))}
        </ul>
      ) : (
        <Empty title={t("governance.noPolicies")} />
      )}
    </>
  );
}

const isBuiltIn = (policy: Policy) => policy.id.startsWith("ghala.");

/** What it says, unless that holds a piece of Cedar: then why it is there says more to most. */
const titleOf = (policy: Policy) =>
  policy.reason && (!policy.says || policy.says.includes("`")) ? policy.reason : policy.says;
