import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Command } from "cmdk";
import { Box, Columns3, CornerDownLeft, Table2, Tag, Users } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { searchQuery } from "@/api/queries";
import { useNavigation } from "@/app/navigation";
import { t } from "@/i18n/texts";
import { linkOf } from "@/lib/links";

const ICONS = { column: Columns3, dataset: Table2, owner: Users, product: Box, term: Tag };
const ITEM =
  "flex min-h-9 cursor-default items-center gap-2 rounded-md px-2 py-1 text-sm data-[selected=true]:bg-accent-soft";
const HEADING =
  "[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:text-ink-3";

/** Everything by its name, wherever one is: pages, products, datasets, columns, terms. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const [words, setWords] = useState("");
  const asked = useDeferredValue(words.trim());
  const found = useQuery({
    ...searchQuery({ q: asked, limit: 12, is_typing: true }),
    enabled: asked.length > 1,
    placeholderData: keepPreviousData,
  });
  const pages = useNavigation()
    .flat()
    .map((entry) => ({ ...entry, words: t(`shell.nav.${entry.name}` as "shell.nav.catalog") }))
    .filter((entry) => entry.words.toLowerCase().includes(words.trim().toLowerCase()));
  const go = (to: string) => {
    onClose();
    void router.navigate({ href: to });
  };
  const hits = asked.length > 1 ? (found.data?.results ?? []) : [];
  return (
    <Command.Dialog
      open
      onOpenChange={onClose}
      label={t("shell.search")}
      shouldFilter={false}
      overlayClassName="fixed inset-0 z-40 bg-black/40"
      contentClassName="fixed top-[12dvh] left-1/2 z-50 w-[calc(100vw-24px)] max-w-xl -translate-x-1/2 rounded-lg border border-line bg-panel text-ink shadow-float"
    >
      <Command.Input
        value={words}
        onValueChange={setWords}
        placeholder={t("shell.searchHint")}
        className="h-11 w-full rounded-t-lg border-b border-line bg-transparent px-4 outline-none"
      />
      <Command.List className="max-h-[60dvh] overflow-y-auto p-1.5">
        <Command.Empty className="px-2 py-6 text-center text-sm text-ink-2">
          {found.isError
            ? found.error.message
            : found.isFetching
              ? t("shell.loading")
              : t("shell.nothingFound")}
        </Command.Empty>
        {hits.length ? (
          <Command.Group heading={t("shell.found")} className={HEADING}>
            {hits.map((hit) => {
              const Icon = ICONS[hit.kind];
              return (
                <Command.Item
                  key={`${hit.kind} ${hit.name}`}
                  value={`${hit.kind} ${hit.name}`}
                  onSelect={() => go(linkOf(hit))}
                  className={ITEM}
                >
                  <Icon className="size-4 shrink-0 text-ink-3" aria-hidden />
                  <span className="min-w-0 flex-1">
                    <span className="block truncate">{hit.title || hit.name}</span>
                    <span className="block truncate text-xs text-ink-3">
                      {t(`shell.kind.${hit.kind}`)} · <span className="font-mono">{hit.name}</span>
                    </span>
                  </span>
                  <CornerDownLeft className="size-3.5 text-ink-3" aria-hidden />
                </Command.Item>
              );
            })}
          </Command.Group>
        ) : null}
        {pages.length ? (
          <Command.Group heading={t("shell.pages")} className={HEADING}>
            {pages.map(({ name, to, icon: Icon, words: label }) => (
              <Command.Item key={name} value={`page ${name}`} onSelect={() => go(to)} className={ITEM}>
                <Icon className="size-4 shrink-0 text-ink-3" aria-hidden />
                {label}
              </Command.Item>
            ))}
          </Command.Group>
        ) : null}
      </Command.List>
    </Command.Dialog>
  );
}
