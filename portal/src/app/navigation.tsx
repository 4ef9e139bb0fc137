import { Link, useRouterState } from "@tanstack/react-router";
import { GROUPS, type NavigationEntry } from "@/app/page";
import { PAGES } from "@/app/pages";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { classes } from "@/lib/classes";
import { formatCount } from "@/lib/format";

const ENTRIES: readonly NavigationEntry[] = PAGES.flatMap((page) =>
  "navigation" in page ? [...(page.navigation as readonly NavigationEntry[])] : [],
);

/** The entries for whoever is signed in, in groups. */
export function useNavigation(): NavigationEntry[][] {
  const { roles } = useSession();
  const mine = ENTRIES.filter((entry) => !entry.roles || entry.roles.some((role) => roles.includes(role)));
  return GROUPS.map((group) => mine.filter((entry) => entry.group === group)).filter((group) => group.length);
}

export function Navigation({ onGo }: { onGo?: () => void }) {
  const groups = useNavigation();
  const session = useSession();
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <nav aria-label={t("shell.navigation")} className="space-y-3">
      {groups.map((group) => (
        <ul key={group[0]?.name} className="space-y-0.5">
          {group.map(({ name, to, icon: Icon, also = [], count }) => {
            const waiting = count?.(session) ?? 0;
            const isCurrent = [to, ...also].some((begin) =>
              begin === "/" ? path === "/" : path === begin || path.startsWith(`${begin}/`),
            );
            return (
              <li key={name}>
                <Link
                  to={to}
                  onClick={onGo}
                  aria-current={isCurrent ? "page" : undefined}
                  className={classes(
                    "flex h-8 items-center gap-2.5 rounded-md px-2 text-sm text-ink-2 hover:bg-panel hover:text-ink",
                    isCurrent && "bg-panel font-medium text-ink shadow-[inset_2px_0_0_var(--accent)]",
                  )}
                >
                  <Icon className="size-4 shrink-0" aria-hidden />
                  <span className="flex-1">{t(`shell.nav.${name}` as "shell.nav.catalog")}</span>
                  {waiting ? (
                    <span className="tnum rounded-full bg-accent px-1.5 text-2xs font-medium text-on-accent">
                      {formatCount(waiting)}
                      <span className="sr-only"> {t("shell.waiting")}</span>
                    </span>
                  ) : null}
                </Link>
              </li>
            );
          })}
        </ul>
      ))}
    </nav>
  );
}
