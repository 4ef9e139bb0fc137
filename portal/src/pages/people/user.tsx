import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { answer, api, type Shape } from "@/api/client";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { useInPath } from "@/lib/address";
import { formatMoment } from "@/lib/format";
import { teamLink, userLink } from "@/lib/links";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Check } from "@/ui/field";
import { NotFound } from "@/ui/not-found";
import { PageHead } from "@/ui/page";
import { Facts, Panel } from "@/ui/panel";
import { Empty, Failed, Loaded } from "@/ui/state";
import { Time } from "@/ui/time";
import { useChange } from "./change";
import { NeedsRole } from "./needs-role";
import { NewToken } from "./new-token";
import { type Account, userIdentitiesQuery, userQuery, userSessionsQuery, userTokensQuery } from "./queries";
import { Sessions } from "./sessions";
import { Tokens } from "./tokens";
import { UserActions } from "./user-actions";
import { UserState } from "./user-list";
import { UserTeams } from "./user-teams";

const ROLES = ["administrator", "auditor", "steward"] as const;

/** One user, service or agent: who they are, what they may become, and where they are signed in. */
export function Page() {
  const name = useInPath("name");
  const user = useQuery(userQuery(name));
  return (
    <Loaded
      query={user}
      missing={<NotFound />}
      forbidden={
        <>
          <PageHead title={name} />
          <NeedsRole needs="administrator" title={t("people.administrators")} />
        </>
      }
    >
      {(one) => <One key={one.id} account={one} />}
    </Loaded>
  );
}

function One({ account }: { account: Account }) {
  const session = useSession();
  const isAdministrator = session.roles.includes("administrator");
  const isUser = account.kind === "user";
  return (
    <>
      <PageHead
        title={account.name}
        above={
          <Link to="/people" search={{}} className="hover:underline">
            {t("people.title")}
          </Link>
        }
        actions={isAdministrator ? <UserActions account={account} /> : null}
      >
        <span className="flex flex-wrap items-center gap-2 text-sm">
          <UserState isEnabled={account.is_enabled} />
          {t(`people.kind.${account.kind}` as "people.kind.user")}
        </span>
      </PageHead>
      <div className="grid items-start gap-4 lg:grid-cols-[1fr_360px]">
        <div className="min-w-0 space-y-4">
          {isUser ? <SessionsOf account={account} /> : null}
          <TokensOf account={account} />
        </div>
        <div className="min-w-0 space-y-4">
          <Panel title={t("people.about")}>
            <Facts facts={facts(account)} />
          </Panel>
          {isUser ? (
            <>
              <UserTeams account={account} isChangeable={isAdministrator} />
              <RolesOf account={account} isChangeable={isAdministrator} />
              <IdentitiesOf account={account} />
            </>
          ) : null}
        </div>
      </div>
    </>
  );
}

function facts(account: Account): [string, ReactNode][] {
  const found: [string, ReactNode][] = [
    [t("people.id"), <code key="id">{account.id}</code>],
    [t("people.created"), formatMoment(account.created_at)],
  ];
  if (account.owner) {
    found.push([
      t("people.owner"),
      <Link
        key="owner"
        to={
          account.owner.startsWith("user:")
            ? userLink(account.owner.slice(5))
            : teamLink(account.owner.slice(5))
        }
        className="text-accent hover:underline"
      >
        {account.owner}
      </Link>,
    ]);
  }
  if (account.disabled_at) found.push([t("people.disabledAt"), formatMoment(account.disabled_at)]);
  return found;
}

/** Which roles somebody may take; a role gives no right before it is taken. */
function RolesOf({ account, isChangeable }: { account: Account; isChangeable: boolean }) {
  const change = useChange((role: Shape<"Role">, isEligible: boolean) => {
    const params = { path: { name: account.id, role } };
    return isEligible
      ? answer(api.PUT("/api/v1/users/{name}/roles/{role}", { params }))
      : answer(api.DELETE("/api/v1/users/{name}/roles/{role}", { params }));
  });
  return (
    <Panel title={t("people.mayTake")}>
      <div className="space-y-2">
        {ROLES.map((role) => {
          const taken = account.taken.find((one) => one.role === role);
          return (
            <Check
              key={role}
              label={t(`shell.role.${role}`)}
              hint={
                taken
                  ? t("people.takenUntil", { time: formatMoment(taken.until), reason: taken.reason })
                  : undefined
              }
              checked={account.eligible.includes(role)}
              disabled={!isChangeable || change.isPending}
              onChange={(event) => change.mutate([role, event.target.checked])}
            />
          );
        })}
        {change.isError ? <Failed error={change.error} /> : null}
      </div>
    </Panel>
  );
}

function SessionsOf({ account }: { account: Account }) {
  const sessions = useQuery(userSessionsQuery(account.id));
  const end = useChange(() =>
    answer(api.DELETE("/api/v1/users/{name}/sessions", { params: { path: { name: account.id } } })),
  );
  return (
    <Panel
      title={t("people.sessions")}
      isFlush
      actions={
        sessions.data?.length ? (
          <Button size="small" disabled={end.isPending} onClick={() => end.mutate([])}>
            {t("people.endAll")}
          </Button>
        ) : null
      }
    >
      {end.isError ? <Failed error={end.error} /> : null}
      <Loaded query={sessions}>{(found) => <Sessions sessions={found} />}</Loaded>
    </Panel>
  );
}

function TokensOf({ account }: { account: Account }) {
  const tokens = useQuery(userTokensQuery(account.id));
  const [isIssuing, setIssuing] = useState(false);
  // A user's token is issued by the user alone: with it anybody else would be them.
  const issue =
    account.kind === "user" || !account.is_enabled ? null : (
      <Button size="small" onClick={() => setIssuing(true)}>
        <Plus aria-hidden />
        {t("people.newToken")}
      </Button>
    );
  return (
    <Panel title={t("people.tokens")} isFlush actions={tokens.data?.length ? issue : null}>
      <Loaded query={tokens}>{(found) => <Tokens tokens={found} action={issue} />}</Loaded>
      {isIssuing ? <NewToken of={account.id} onClose={() => setIssuing(false)} /> : null}
    </Panel>
  );
}

/** Who somebody is at providers of identities. */
function IdentitiesOf({ account }: { account: Account }) {
  const identities = useQuery(userIdentitiesQuery(account.id));
  const unlink = useChange((issuer: string) =>
    answer(
      api.DELETE("/api/v1/users/{name}/identities", {
        params: { path: { name: account.id }, query: { issuer } },
      }),
    ),
  );
  return (
    <Panel title={t("people.identities")}>
      {unlink.isError ? <Failed error={unlink.error} /> : null}
      <Loaded query={identities}>
        {(found) =>
          found.length ? (
            <ul className="space-y-2 text-sm">
              {found.map((one) => (
                <li key={one.issuer} className="flex items-start gap-2">
                  <span className="min-w-0 flex-1 wrap-anywhere">
                    {one.issuer} <Badge>{one.subject}</Badge>{" "}
                    <span className="text-xs text-ink-3">
                      <Time at={one.linked_at} />
                    </span>
                  </span>
                  <Button
                    size="small"
                    disabled={unlink.isPending}
                    aria-label={`${t("people.unlink")}: ${one.issuer}`}
                    onClick={() => unlink.mutate([one.issuer])}
                  >
                    {t("people.unlink")}
                  </Button>
                </li>
              ))}
            </ul>
          ) : (
            <Empty title={t("people.noIdentities")} />
          )
        }
      </Loaded>
    </Panel>
  );
}
