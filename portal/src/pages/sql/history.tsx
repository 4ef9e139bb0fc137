import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { History, Trash2 } from "lucide-react";
import { answer, api } from "@/api/client";
import { t } from "@/i18n/texts";
import { Button } from "@/ui/button";
import { Empty, Failed, Loaded } from "@/ui/state";
import { Time } from "@/ui/time";
import { statementsQuery } from "./saved-queries";

/** What one asked lately: for oneself alone. */
export function HistoryPanel({ onOpen }: { onOpen: (sql: string) => void }) {
  const client = useQueryClient();
  const statements = useQuery(statementsQuery);
  const forgetting = useMutation({
    mutationFn: () => answer(api.DELETE("/api/v1/me/statements")),
    onSuccess: () => client.invalidateQueries({ queryKey: statementsQuery.queryKey }),
  });
  return (
    <Loaded query={statements}>
      {(list) =>
        list.length ? (
          <div className="space-y-2">
            {forgetting.isError ? <Failed error={forgetting.error} /> : null}
            <ul
              aria-label={t("sql.panel.history")}
              className="max-h-[60dvh] divide-y divide-line overflow-y-auto"
            >
              {list.map((one, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the same text may have been asked at the same time
                <li key={`${one.asked_at} ${place}`}>
                  <button
                    type="button"
                    onClick={() => onOpen(one.sql)}
                    className="w-full space-y-0.5 rounded px-1 py-1.5 text-left hover:bg-sunken"
                  >
                    <span title={one.sql} className="line-clamp-3 font-mono text-xs wrap-anywhere">
                      {one.sql}
                    </span>
                    <span className="block text-2xs text-ink-3">
                      <Time at={one.asked_at} /> {"·"} {one.purpose}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
            <p className="text-2xs text-ink-3">{t("sql.historyDetail")}</p>
            <Button size="small" onClick={() => forgetting.mutate()} disabled={forgetting.isPending}>
              <Trash2 aria-hidden />
              {t("sql.forget")}
            </Button>
          </div>
        ) : (
          <Empty icon={History} title={t("sql.noHistory")}>
            {t("sql.historyDetail")}
          </Empty>
        )
      }
    </Loaded>
  );
}
