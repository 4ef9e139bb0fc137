import { useQuery } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { Trash2, UserMinus, UserPlus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { answer, api } from "@/api/client";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { useInPath } from "@/lib/address";
import { formatMoment } from "@/lib/format";
import { userLink } from "@/lib/links";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Field, Input } from "@/ui/field";
import { NotFound } from "@/ui/not-found";
import { PageHead } from "@/ui/page";
import { Facts, Panel } from "@/ui/panel";
import { Empty, Failed, Loaded } from "@/ui/state";
import { useChange } from "./change";
import { Membership, useMembership } from "./membership";
import { NeedsRole } from "./needs-role";
import { type Team, teamQuery, usersQuery } from "./queries";

/** One team: its members, and the domains whose data it answers for. */
export function Page() {
  const name = useInPath("team");
  const team = useQuery(teamQuery(name));
  return (
    <Loaded
      query={team}
      missing={<NotFound />}
      forbidden={
        <>
          <PageHead title={name} />
          <NeedsRole needs="administrator" title={t("people.teamForbidden")} />
        </>
      }
    >
      {(one) => <One key={one.id} team={one} />}
    </Loaded>
  );
}

function One({ team }: { team: Team }) {
  const session = useSession();
  const isChangeable = session.roles.includes("administrator");
  const [isRemoving, setRemoving] = useState(false);
  const change = useMembership();
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const member = String(new FormData(form).get("member")).trim();
    change.mutate([team.name, member, true], { onSuccess: () => form.reset() });
  };
  return (
    <>
      <PageHead
        title={team.name}
        above={
          <Link to="/people" search={{ tab: "teams" }} className="hover:underline">
            {t("people.teams")}
          </Link>
        }
        actions={
          isChangeable ? (
            <Button kind="danger" onClick={() => setRemoving(true)}>
              <Trash2 aria-hidden />
              {t("people.removeTeam")}
            </Button>
          ) : null
        }
      />
      <div className="grid items-start gap-4 lg:grid-cols-[1fr_360px]">
        <Panel title={t("people.members")} isFlush>
          {team.members.length ? (
            <ul className="divide-y divide-line">
              {team.members.map((id) => {
                const name = id.replace(/^user:/, "");
                return (
                  <Membership
                    key={id}
                    name={name}
                    to={userLink(name)}
                    className="px-4 py-1.5"
                    end={
                      isChangeable
                        ? {
                            label: t("people.removeMember", { name }),
                            icon: UserMinus,
                            isPending: change.isPending,
                            onEnd: () => change.mutate([team.name, id, false]),
                          }
                        : null
                    }
                  />
                );
              })}
            </ul>
          ) : (
            <Empty title={t("people.noMembers")} />
          )}
          {isChangeable ? (
            <form onSubmit={onSubmit} className="flex items-end gap-2 border-t border-line px-4 py-3">
              <div className="flex-1">
                <Field label={t("people.addMember")}>
                  <Input name="member" required maxLength={80} list="people" autoComplete="off" />
                </Field>
              </div>
              <Known without={team.members} />
              <Button type="submit" disabled={change.isPending}>
                <UserPlus aria-hidden />
                {t("people.add")}
              </Button>
            </form>
          ) : null}
          {change.isError ? (
            <div className="p-4 pt-0">
              <Failed error={change.error} />
            </div>
          ) : null}
        </Panel>
        <Panel title={t("people.about")}>
          <Facts
            facts={[
              [t("people.created"), formatMoment(team.created_at)],
              [
                t("people.domains"),
                team.domains.length ? (
                  <span key="domains" className="flex flex-wrap gap-1">
                    {team.domains.map((domain) => (
                      <Link key={domain} to="/catalog" search={{ domain }}>
                        <Badge tone="info">{domain}</Badge>
                      </Link>
                    ))}
                  </span>
                ) : (
                  t("people.noDomains")
                ),
              ],
            ]}
          />
        </Panel>
      </div>
      {isRemoving ? <Remove team={team} onClose={() => setRemoving(false)} /> : null}
    </>
  );
}

/** The names that can be chosen. */
function Known({ without }: { without: readonly string[] }) {
  const users = useQuery(usersQuery);
  return (
    <datalist id="people">
      {users.data
        ?.filter((one) => one.kind === "user" && !without.includes(one.id))
        .map((one) => (
          <option key={one.id} value={one.name} />
        ))}
    </datalist>
  );
}

function Remove({ team, onClose }: { team: Team; onClose: () => void }) {
  const router = useRouter();
  const remove = useChange(async () => {
    await answer(api.DELETE("/api/v1/teams/{team}", { params: { path: { team: team.name } } }));
    await router.navigate({ to: "/people", search: { tab: "teams" } });
  });
  return (
    <Confirm
      title={t("people.removeWho", { name: team.name })}
      description={t("people.removeDetail")}
      leave={t("people.leave")}
      action={t("people.removeTeam")}
      doing={remove}
      onConfirm={() => remove.mutate([])}
      onClose={onClose}
    />
  );
}
