import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { UsersRound } from "lucide-react";
import { useMemo, useState } from "react";
import { answer, api } from "@/api/client";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { formatCount } from "@/lib/format";
import { teamLink } from "@/lib/links";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { FormDialog } from "@/ui/form-dialog";
import { Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { type Column, Table } from "@/ui/table";
import { type Team, teamsQuery } from "./queries";
import { SEARCH } from "./search";

/** All teams, with their members and the domains that they own. */
export function TeamList() {
  const teams = useQuery(teamsQuery);
  const [{ sort }, change] = useAddress(SEARCH);
  const [isAdding, setAdding] = useState(false);
  const columns = useMemo(() => teamColumns(), []);
  const add = (
    <Button kind="primary" onClick={() => setAdding(true)}>
      <UsersRound aria-hidden />
      {t("people.addTeam")}
    </Button>
  );
  return (
    <Loaded query={teams}>
      {(all) => (
        <>
          {all.length ? (
            <>
              <div className="mb-3 flex items-center gap-2">
                <span role="status" className="flex-1 text-xs text-ink-3">
                  {t("people.teamsFound", { count: all.length })}
                </span>
                {add}
              </div>
              <Panel isFlush>
                <Table
                  label={t("people.teams")}
                  rows={all}
                  rowKey={(one) => one.id}
                  columns={columns}
                  sort={sort}
                  onSort={(chosen) => change({ sort: chosen })}
                />
              </Panel>
            </>
          ) : (
            <Empty title={t("people.noTeams")} action={add}>
              {t("people.noTeamsDetail")}
            </Empty>
          )}
          {isAdding ? <NewTeam onClose={() => setAdding(false)} /> : null}
        </>
      )}
    </Loaded>
  );
}

function NewTeam({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const router = useRouter();
  const add = useMutation({
    mutationFn: (name: string) => answer(api.POST("/api/v1/teams", { body: { name } })),
    onSuccess: async (made) => {
      await queryClient.invalidateQueries({ queryKey: ["teams"] });
      await router.navigate({ href: teamLink(made.name) });
    },
  });
  return (
    <FormDialog
      id="new-team"
      title={t("people.addTeam")}
      description={t("people.addTeamDetail")}
      submit={t("people.add")}
      sending={add}
      onSubmit={(form) => add.mutate(String(form.get("name")).trim())}
      onClose={onClose}
    >
      <Field label={t("people.name")} hint={t("people.teamNameHint")}>
        <Input name="name" required maxLength={60} autoComplete="off" />
      </Field>
    </FormDialog>
  );
}

const teamColumns = (): Column<Team>[] => [
  {
    id: "name",
    head: t("people.name"),
    value: (one) => one.name,
    cell: (one) => (
      <Link to={teamLink(one.name)} className="font-medium wrap-anywhere text-accent hover:underline">
        {one.name}
      </Link>
    ),
  },
  {
    id: "members",
    head: t("people.members"),
    isNumber: true,
    value: (one) => one.members.length,
    cell: (one) => formatCount(one.members.length),
  },
  {
    id: "domains",
    head: t("people.domains"),
    cell: (one) => (
      <span className="flex flex-wrap gap-1">
        {one.domains.map((domain) => (
          <Badge key={domain} tone="info">
            {domain}
          </Badge>
        ))}
      </span>
    ),
  },
];
