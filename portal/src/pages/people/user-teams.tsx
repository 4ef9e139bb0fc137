import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { t } from "@/i18n/texts";
import { teamLink } from "@/lib/links";
import { Select } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Failed } from "@/ui/state";
import { Membership, useMembership } from "./membership";
import { type Account, teamsQuery } from "./queries";

/** The teams of a user, which administrators change. */
export function UserTeams({ account, isChangeable }: { account: Account; isChangeable: boolean }) {
  const teams = useQuery({ ...teamsQuery, enabled: isChangeable });
  const change = useMembership();
  const others = (teams.data ?? []).filter((one) => !account.teams.includes(one.id));
  return (
    <Panel title={t("people.teams")}>
      <div className="space-y-2 text-sm">
        {account.teams.length ? (
          <ul className="space-y-1">
            {account.teams.map((id) => {
              const name = id.replace(/^team:/, "");
              return (
                <Membership
                  key={id}
                  name={name}
                  to={teamLink(name)}
                  end={
                    isChangeable
                      ? {
                          label: t("people.leaveTeam", { team: name }),
                          icon: X,
                          isPending: change.isPending,
                          onEnd: () => change.mutate([name, account.id, false]),
                        }
                      : null
                  }
                />
              );
            })}
          </ul>
        ) : (
          <p className="text-ink-2">{t("people.inNoTeam")}</p>
        )}
        {isChangeable && others.length ? (
          <Select
            aria-label={t("people.joinTeam")}
            value=""
            disabled={change.isPending}
            onChange={(event) => event.target.value && change.mutate([event.target.value, account.id, true])}
          >
            <option value="">{t("people.joinTeam")}</option>
            {others.map((one) => (
              <option key={one.id} value={one.name}>
                {one.name}
              </option>
            ))}
          </Select>
        ) : null}
        {change.isError ? <Failed error={change.error} /> : null}
      </div>
    </Panel>
  );
}
