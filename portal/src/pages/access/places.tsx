import { Link } from "@tanstack/react-router";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { formatCount } from "@/lib/format";

const LOOK =
  "-mb-px flex h-9 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-2.5 text-sm text-ink-2 hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink";

/** The places about access: what one asked for, what one has, what one decides. */
export function Places({ here }: { here: "requests" | "agreements" | "decide" | "again" }) {
  const { waiting_requests: waiting } = useSession();
  const current = (place: string) => (place === here ? "page" : undefined);
  return (
    <nav
      aria-label={t("access.places")}
      className="-mx-4 mb-4 flex gap-1 overflow-x-auto border-b border-line px-4 sm:mx-0 sm:px-0"
    >
      <Link to="/requests" search={{}} className={LOOK} aria-current={current("requests")}>
        {t("access.mine")}
      </Link>
      <Link
        to="/requests"
        search={{ tab: "agreements" }}
        className={LOOK}
        aria-current={current("agreements")}
      >
        {t("access.have")}
      </Link>
      <Link to="/decide" search={{}} className={LOOK} aria-current={current("decide")}>
        {t("access.waiting")}
        {waiting ? <span className="tnum text-xs text-ink-3">{formatCount(waiting)}</span> : null}
      </Link>
      <Link to="/decide" search={{ tab: "again" }} className={LOOK} aria-current={current("again")}>
        {t("access.again")}
      </Link>
    </nav>
  );
}
