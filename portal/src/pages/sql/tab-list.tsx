import { Plus, X } from "lucide-react";
import type { KeyboardEvent } from "react";
import { t } from "@/i18n/texts";
import { classes } from "@/lib/classes";
import { Button } from "@/ui/button";
import type { OpenQuery } from "./open";

export const titleOf = (tab: OpenQuery) => tab.saved?.name ?? t("sql.tab", { number: String(tab.number) });

/** The open queries, one of which is shown; arrow keys go along them, Delete closes one. */
export function TabList({
  tabs,
  chosen,
  onChoose,
  onClose,
  onAdd,
}: {
  tabs: readonly OpenQuery[];
  chosen: string;
  onChoose: (tab: OpenQuery) => void;
  onClose: (id: string) => void;
  onAdd: () => void;
}) {
  const current = tabs.find((tab) => tab.id === chosen) as OpenQuery;
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const focus = (tab: OpenQuery | undefined) => document.getElementById(`tab-${tab?.id}`)?.focus();
    if (event.key === "Delete") {
      const place = tabs.indexOf(current);
      onClose(chosen);
      // The one that is shown next: the focus would go with what is closed.
      focus(tabs[place + 1] ?? tabs[place - 1]);
    } else if (step) {
      const next = tabs[(tabs.indexOf(current) + step + tabs.length) % tabs.length] as OpenQuery;
      onChoose(next);
      focus(next);
    }
  };
  return (
    <div className="flex items-end gap-1 border-b border-line">
      <div
        role="tablist"
        aria-label={t("sql.tabs")}
        onKeyDown={onKeyDown}
        className="flex min-w-0 gap-0.5 overflow-x-auto"
      >
        {tabs.map((tab) => (
          <button
            key={tab.id}
            id={`tab-${tab.id}`}
            type="button"
            role="tab"
            aria-selected={tab.id === chosen}
            aria-controls="query"
            title={titleOf(tab)}
            tabIndex={tab.id === chosen ? 0 : -1}
            onClick={() => onChoose(tab)}
            className={classes(
              "h-8 max-w-48 shrink-0 truncate rounded-t-md border border-b-0 px-3 text-sm",
              tab.id === chosen
                ? "border-line bg-panel font-medium text-ink"
                : "border-transparent text-ink-2 hover:text-ink",
            )}
          >
            {titleOf(tab)}
          </button>
        ))}
      </div>
      <Button
        kind="quiet"
        size="iconSmall"
        aria-label={t("sql.close", { name: titleOf(current) })}
        title={t("sql.close", { name: titleOf(current) })}
        onClick={() => onClose(chosen)}
      >
        <X aria-hidden />
      </Button>
      <Button kind="quiet" size="iconSmall" aria-label={t("sql.add")} title={t("sql.add")} onClick={onAdd}>
        <Plus aria-hidden />
      </Button>
    </div>
  );
}
