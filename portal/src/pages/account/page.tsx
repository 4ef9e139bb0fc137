import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus, ShieldCheck } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { answer, api } from "@/api/client";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { formatMoment } from "@/lib/format";
import { teamLink } from "@/lib/links";
import { useChange } from "@/pages/people/change";
import { NewToken } from "@/pages/people/new-token";
import { sessionsQuery, tokensQuery } from "@/pages/people/queries";
import { Sessions } from "@/pages/people/sessions";
import { Tokens } from "@/pages/people/tokens";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { PageHead } from "@/ui/page";
import { Facts, Panel } from "@/ui/panel";
import { Failed, Loaded } from "@/ui/state";
import { ChangePassword } from "./change-password";

const RoleDialog = lazy(() => import("@/app/role-dialog"));

/** One's own account: who one is, roles, tokens, sessions and the password. */
export function Page() {
  const session = useSession();
  return (
    <>
      <PageHead title={t("people.account")}>{t("people.accountLead")}</PageHead>
      <div className="grid items-start gap-4 lg:grid-cols-[1fr_360px]">
        <div className="min-w-0 space-y-4">
          <OwnTokens />
          <OwnSessions />
        </div>
        <div className="min-w-0 space-y-4">
          <Panel title={t("people.about")}>
            <Facts
              facts={[
                [t("people.name"), session.name],
                [t("people.purpose"), session.purpose],
                [t("people.signedInUntil"), formatMoment(session.until)],
                [
                  t("people.teams"),
                  session.teams.length ? (
                    <span key="teams" className="flex flex-wrap gap-1">
                      {session.teams.map((team) => (
                        <Link key={team} to={teamLink(team.replace(/^team:/, ""))}>
                          <Badge tone="info">{team.replace(/^team:/, "")}</Badge>
                        </Link>
                      ))}
                    </span>
                  ) : (
                    t("people.inNoTeam")
                  ),
                ],
              ]}
            />
          </Panel>
          <OwnRoles />
          <Panel title={t("people.changePassword")}>
            <ChangePassword name={session.name} />
          </Panel>
        </div>
      </div>
    </>
  );
}

function OwnRoles() {
  const { eligible, taken } = useSession();
  const [isTaking, setTaking] = useState(false);
  return (
    <Panel
      title={t("people.roles")}
      actions={
        <Button size="small" onClick={() => setTaking(true)}>
          <ShieldCheck aria-hidden />
          {t("people.rolesOpen")}
        </Button>
      }
    >
      {eligible.length ? (
        <ul className="space-y-1 text-sm">
          {eligible.map((role) => {
            const now = taken.find((one) => one.role === role);
            return (
              <li key={role} className="flex flex-wrap items-center gap-2">
                {t(`shell.role.${role}`)}
                {now ? (
                  <Badge tone="info">{t("people.until", { time: formatMoment(now.until) })}</Badge>
                ) : (
                  <span className="text-xs text-ink-3">{t("people.notTaken")}</span>
                )}
              </li>
            );
          })}
        </ul>
      ) : (
        <p className="text-sm text-ink-2">{t("shell.noRoles")}</p>
      )}
      <Suspense fallback={null}>{isTaking ? <RoleDialog onClose={() => setTaking(false)} /> : null}</Suspense>
    </Panel>
  );
}

function OwnTokens() {
  const tokens = useQuery(tokensQuery);
  const [isIssuing, setIssuing] = useState(false);
  const issue = (
    <Button size="small" onClick={() => setIssuing(true)}>
      <Plus aria-hidden />
      {t("people.newToken")}
    </Button>
  );
  return (
    <Panel title={t("people.tokens")} isFlush actions={tokens.data?.length ? issue : null}>
      <Loaded query={tokens}>{(found) => <Tokens tokens={found} action={issue} />}</Loaded>
      {isIssuing ? <NewToken onClose={() => setIssuing(false)} /> : null}
    </Panel>
  );
}

function OwnSessions() {
  const sessions = useQuery(sessionsQuery);
  const end = useChange((id: string) =>
    answer(api.DELETE("/api/v1/sessions/{id}", { params: { path: { id } } })),
  );
  return (
    <Panel title={t("people.sessions")} isFlush>
      {end.isError ? <Failed error={end.error} /> : null}
      <Loaded query={sessions}>
        {(found) => (
          <Sessions sessions={found} isEnding={end.isPending} onEnd={(session) => end.mutate([session.id])} />
        )}
      </Loaded>
    </Panel>
  );
}
