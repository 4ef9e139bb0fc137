import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { answer, api } from "@/api/client";
import { t } from "@/i18n/texts";
import { teamLink } from "@/lib/links";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Failed } from "@/ui/state";
import { useChange } from "./change";
import { type Account, teamsQuery } from "./queries";

/** The teams of a user, which administrators change. */
export function UserTeams({ account, isChangeable }: { account: Account; isChangeable: boolean }) {
  const teams = useQuery({ ...teamsQuery, enabled: isChangeable });
  const change = useChange((team: string, isMember: boolean) => {
    const params = { path: { team, name: account.id } };
    return isMember
      ? answer(api.PUT("/api/v1/teams/{team}/members/{name}", { params }))
      : answer(api.DELETE("/api/v1/teams/{team}/members/{name}", { params }));
  });
  const others = (teams.data ?? []).filter((one) => !account.teams.includes(one.id));
  return (
    <Panel title={t("people.teams")}>
      <div className="space-y-2 text-sm">
        {account.teams.length ? (
          <ul className="space-y-1">
            {account.teams.map((id) => {
              const name = id.replace(/^team:/, "");
              return (
                <li key={id} className="flex items-center gap-2">
                  <Link to={teamLink(name)} className="flex-1 text-accent hover:underline">
                    {name}
                  </Link>
                  {isChangeable ? (
                    <Button
                      kind="quiet"
                      size="iconSmall"
                      disabled={change.isPending}
                      aria-label={t("people.leaveTeam", { team: name })}
                      onClick={() => change.mutate([name, false])}
                    >
                      <X aria-hidden />
                    </Button>
                  ) : null}
                </li>
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
            onChange={(event) => event.target.value && change.mutate([event.target.value, true])}
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
