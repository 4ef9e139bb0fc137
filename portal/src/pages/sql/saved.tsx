import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, Trash2, Users } from "lucide-react";
import { answer, api, type Shape } from "@/api/client";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Empty, Failed, Loaded } from "@/ui/state";
import type { OpenQuery } from "./open";
import { savedQuery } from "./saved-queries";

type Saved = Shape<"QueryShape">;

/** One's own saved queries, and those that others share. */
export function SavedPanel({ onOpen }: { onOpen: (given: Partial<OpenQuery>) => void }) {
  const me = useSession().id;
  const saved = useQuery(savedQuery);
  return (
    <Loaded query={saved}>
      {(list) => {
        const mine = list.filter((one) => one.owner === me);
        const shared = list.filter((one) => one.owner !== me);
        return list.length ? (
          <div className="max-h-[70dvh] space-y-3 overflow-y-auto">
            {mine.length ? <List title={t("sql.mine")} queries={mine} isMine onOpen={onOpen} /> : null}
            {shared.length ? <List title={t("sql.shared")} queries={shared} onOpen={onOpen} /> : null}
          </div>
        ) : (
          <Empty icon={Bookmark} title={t("sql.noneSaved")}>
            {t("sql.noneSavedDetail")}
          </Empty>
        );
      }}
    </Loaded>
  );
}

function List({
  title,
  queries,
  isMine,
  onOpen,
}: {
  title: string;
  queries: readonly Saved[];
  isMine?: boolean;
  onOpen: (given: Partial<OpenQuery>) => void;
}) {
  return (
    <section>
      <h3 className="text-xs font-medium text-ink-3">{title}</h3>
      <ul aria-label={title} className="divide-y divide-line">
        {queries.map((query) => (
          <li key={query.id} className="flex items-start gap-1 py-1.5">
            <button
              type="button"
              onClick={() => onOpen({ sql: query.sql, saved: { id: query.id, name: query.name } })}
              className="min-w-0 flex-1 rounded px-1 text-left text-sm hover:bg-sunken"
            >
              <span className="font-medium wrap-anywhere">{query.name}</span>
              {query.description ? (
                <span title={query.description} className="line-clamp-2 text-xs text-ink-2">
                  {query.description}
                </span>
              ) : null}
              <span className="mt-0.5 flex flex-wrap items-center gap-1 text-2xs text-ink-3">
                {isMine ? null : <span>{query.owner}</span>}
                {query.shared_with ? (
                  <Badge>
                    <Users className="size-3" aria-hidden />
                    {sharedWith(query.shared_with)}
                  </Badge>
                ) : null}
              </span>
            </button>
            {isMine ? <Remove query={query} /> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

const sharedWith = (whom: string) => (whom === "everybody" ? t("sql.everybody") : whom);

function Remove({ query }: { query: Saved }) {
  const client = useQueryClient();
  const removing = useMutation({
    mutationFn: () =>
      answer(api.DELETE("/api/v1/queries/{query_id}", { params: { path: { query_id: query.id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: savedQuery.queryKey }),
  });
  return (
    <>
      <Button
        kind="quiet"
        size="iconSmall"
        aria-label={t("sql.remove", { name: query.name })}
        title={t("sql.remove", { name: query.name })}
        onClick={() => removing.mutate()}
        disabled={removing.isPending}
      >
        <Trash2 aria-hidden />
      </Button>
      {removing.isError ? <Failed error={removing.error} /> : null}
    </>
  );
}
