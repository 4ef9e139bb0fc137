import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Search, SearchX, UserPlus } from "lucide-react";
import { useMemo, useState } from "react";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { userLink } from "@/lib/links";
import { Badge, Status } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Input, Select } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { type Column, Table } from "@/ui/table";
import { NewUser } from "./new-user";
import { type Account, usersQuery } from "./queries";
import { KINDS, SEARCH, STATES } from "./search";

/** All users, services and agents, narrowed by words, kind and state. */
export function UserList() {
  const users = useQuery(usersQuery);
  const [{ q = "", kind, state, sort }, change] = useAddress(SEARCH);
  const [isAdding, setAdding] = useState(false);
  const columns = useMemo(() => userColumns(), []);
  const words = q.toLowerCase();
  const fits = (one: Account) =>
    (!words || [one.id, ...one.teams].some((text) => text.includes(words))) &&
    (!kind || one.kind === kind) &&
    (!state || one.is_enabled === (state === "enabled"));
  return (
    <Loaded query={users}>
      {(all) => {
        const shown = all.filter(fits);
        return (
          <>
            <div className="mb-3 flex flex-wrap items-center gap-2">
              <search className="relative w-full sm:w-64">
                <Search
                  className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3"
                  aria-hidden
                />
                <Input
                  type="search"
                  aria-label={t("people.search")}
                  placeholder={t("people.searchHint")}
                  className="pl-8!"
                  maxLength={80}
                  value={q}
                  onChange={(event) => change({ q: event.target.value || undefined })}
                />
              </search>
              <Select
                aria-label={t("people.kind")}
                className="w-auto!"
                value={kind ?? ""}
                onChange={(event) => change({ kind: KINDS.find((one) => one === event.target.value) })}
              >
                <option value="">{t("people.allKinds")}</option>
                {KINDS.map((one) => (
                  <option key={one} value={one}>
                    {t(`people.kind.${one}`)}
                  </option>
                ))}
              </Select>
              <Select
                aria-label={t("people.state")}
                className="w-auto!"
                value={state ?? ""}
                onChange={(event) => change({ state: STATES.find((one) => one === event.target.value) })}
              >
                <option value="">{t("people.allStates")}</option>
                {STATES.map((one) => (
                  <option key={one} value={one}>
                    {t(`people.state.${one}`)}
                  </option>
                ))}
              </Select>
              <span role="status" className="flex-1 text-xs text-ink-3">
                {t("people.found", { count: shown.length })}
              </span>
              <Button kind="primary" onClick={() => setAdding(true)}>
                <UserPlus aria-hidden />
                {t("people.addUser")}
              </Button>
            </div>
            {shown.length ? (
              <Panel isFlush>
                <Table
                  label={t("people.users")}
                  rows={shown}
                  rowKey={(one) => one.id}
                  columns={columns}
                  sort={sort}
                  onSort={(chosen) => change({ sort: chosen })}
                />
              </Panel>
            ) : (
              <Empty
                icon={SearchX}
                title={t("people.nobody")}
                action={
                  <Button onClick={() => change({ q: undefined, kind: undefined, state: undefined })}>
                    {t("people.everybody")}
                  </Button>
                }
              />
            )}
            {isAdding ? <NewUser onClose={() => setAdding(false)} /> : null}
          </>
        );
      }}
    </Loaded>
  );
}

const userColumns = (): Column<Account>[] => [
  {
    id: "name",
    head: t("people.name"),
    value: (one) => one.name,
    cell: (one) => (
      <>
        <Link
          to={userLink(one.kind === "user" ? one.name : one.id)}
          className="font-medium wrap-anywhere text-accent hover:underline"
        >
          {one.name}
        </Link>
        {one.kind === "user" ? null : (
          <p className="text-xs text-ink-3">
            {t(`people.kind.${one.kind}` as "people.kind.user")}
            {one.owner ? ` · ${t("people.ownedBy", { owner: one.owner })}` : ""}
          </p>
        )}
      </>
    ),
  },
  {
    id: "state",
    head: t("people.state"),
    value: (one) => String(one.is_enabled),
    cell: (one) => <UserState isEnabled={one.is_enabled} />,
  },
  {
    id: "teams",
    head: t("people.teams"),
    cell: (one) => (
      <span className="flex flex-wrap gap-1">
        {one.teams.map((team) => (
          <Badge key={team}>{team.replace(/^team:/, "")}</Badge>
        ))}
      </span>
    ),
    hiddenBelow: "sm",
  },
  {
    id: "roles",
    head: t("people.roles"),
    cell: (one) => (
      <span className="flex flex-wrap gap-1">
        {one.eligible.map((role) => {
          const isTaken = one.taken.some((taken) => taken.role === role);
          return (
            <Badge key={role} tone={isTaken ? "info" : "plain"}>
              {isTaken ? t("people.roleNow", { role: t(`shell.role.${role}`) }) : t(`shell.role.${role}`)}
            </Badge>
          );
        })}
      </span>
    ),
    hiddenBelow: "md",
  },
];

export function UserState({ isEnabled }: { isEnabled: boolean }) {
  return (
    <Status tone={isEnabled ? "ok" : "plain"}>
      {t(`people.state.${isEnabled ? "enabled" : "disabled"}`)}
    </Status>
  );
}
