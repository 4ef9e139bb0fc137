import { Link } from "@tanstack/react-router";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { formatCount } from "@/lib/format";

const LOOK =
  "-mb-px flex h-9 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-2.5 text-sm text-ink-2 hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink";

/** The places about access: what one asked for, what one has, what one decides. */
export function Places({ here }: { here: "requests" | "agreements" | "decide" | "again" }) {
  const { waiting_requests: waiting } = useSession();
  // The place where one is keeps its address; the other ones begin anew.
  const link = { className: LOOK, activeOptions: { exact: true, includeSearch: true } };
  return (
    <nav
      aria-label={t("access.places")}
      className="-mx-4 mb-4 flex gap-1 overflow-x-auto border-b border-line px-4 sm:mx-0 sm:px-0"
    >
      <Link {...link} to="/requests" search={here === "requests" ? true : {}}>
        {t("access.mine")}
      </Link>
      <Link {...link} to="/requests" search={{ tab: "agreements" }}>
        {t("access.have")}
      </Link>
      <Link {...link} to="/decide" search={here === "decide" ? true : {}}>
        {t("access.waiting")}
        {waiting ? <span className="tnum text-xs text-ink-3">{formatCount(waiting)}</span> : null}
      </Link>
      <Link {...link} to="/decide" search={here === "again" ? true : { tab: "again" }}>
        {t("access.again")}
      </Link>
    </nav>
  );
}
