import { Link } from "@tanstack/react-router";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { teamLink } from "@/lib/links";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { PageHead } from "@/ui/page";
import { Tabs } from "@/ui/tabs";
import { NeedsRole } from "./needs-role";
import { SEARCH, TABS } from "./search";
import { TeamList } from "./team-list";
import { UserList } from "./user-list";

/** Who may use this workspace, and who belongs together. */
export function Page() {
  const [{ tab = "users" }, change] = useAddress(SEARCH);
  const session = useSession();
  return (
    <>
      <PageHead
        title={t("people.title")}
        actions={
          <Button asChild>
            <Link to="/account">{t("people.toAccount")}</Link>
          </Button>
        }
      >
        {t("people.lead")}
      </PageHead>
      {session.roles.includes("administrator") ? (
        <Tabs
          label={t("people.title")}
          chosen={tab}
          onChoose={(chosen) => change({ tab: TABS.find((one) => one === chosen) })}
          tabs={[
            { name: "users", label: t("people.users"), content: () => <UserList /> },
            { name: "teams", label: t("people.teams"), content: () => <TeamList /> },
          ]}
        />
      ) : (
        <NeedsRole needs="administrator" title={t("people.administrators")}>
          {session.teams.length ? (
            <p className="mt-3 flex flex-wrap items-center justify-center gap-2">
              {t("people.yourTeams")}
              {session.teams.map((team) => (
                <Link key={team} to={teamLink(team.replace(/^team:/, ""))}>
                  <Badge tone="info">{team.replace(/^team:/, "")}</Badge>
                </Link>
              ))}
            </p>
          ) : null}
        </NeedsRole>
      )}
    </>
  );
}
