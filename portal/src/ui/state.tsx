// The states that every page has beside its content: loading, empty, error, forbidden, stale.
import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Clock, Inbox, Lock, type LucideIcon, RefreshCw, TriangleAlert } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { ApiError, isCode } from "@/api/problem";
import { t } from "@/i18n/texts";
import { askLink } from "@/lib/links";
import { Button } from "@/ui/button";
import { Copy } from "@/ui/copy";
import { Time } from "@/ui/time";

const SHOWN_AFTER_MS = 150;

/** What a query answered; until then a skeleton, and if it failed, why and how to go on. */
export function Loaded<Data>({
  query,
  missing,
  skeleton,
  children,
  forbidden,
}: {
  query: UseQueryResult<Data, Error>;
  /** What to show where there is nothing, or nothing that one may know of: `<NotFound />` if the query is the page. */
  missing?: ReactNode;
  skeleton?: ReactNode;
  children: (data: Data) => ReactNode;
  /** What to offer to somebody who may not see it; `<Forbidden>` unless given. */
  forbidden?: ReactNode;
}) {
  const retry = () => void query.refetch();
  if (query.data !== undefined) {
    return (
      <>
        {query.isError ? <Stale since={query.dataUpdatedAt} onRetry={retry} /> : null}
        {children(query.data)}
      </>
    );
  }
  if (query.isError) {
    if (missing && isCode(query.error, "not_found")) return missing;
    if (isCode(query.error, "denied")) return forbidden ?? <Forbidden error={query.error} />;
    return <Failed error={query.error} onRetry={retry} isRetrying={query.isFetching} />;
  }
  return <Skeleton>{skeleton}</Skeleton>;
}

/** The place of what is being fetched, shown only when that takes long enough to be noticed. */
export function Skeleton({ children }: { children?: ReactNode }) {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SHOWN_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div aria-busy="true" className={isShown ? undefined : "invisible"}>
      <span className="sr-only">{t("shell.loading")}</span>
      <div aria-hidden>{children ?? <Bars />}</div>
    </div>
  );
}

export function Bars({ rows = 6 }: { rows?: number }) {
  return (
    <div className="space-y-2">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <div key={row} className="skeleton h-9" style={{ width: `${100 - ((row * 7) % 30)}%` }} />
      ))}
    </div>
  );
}

/** What a place is for while there is nothing in it, with the one thing to do next. */
export function Empty({
  icon: Icon = Inbox,
  title,
  children,
  action,
}: {
  icon?: LucideIcon;
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-2 px-4 py-10 text-center">
      <Icon className="size-6 text-ink-3" aria-hidden />
      <p className="font-medium">{title}</p>
      {children ? <div className="max-w-[60ch] text-sm text-ink-2">{children}</div> : null}
      {action ? <div className="pt-1">{action}</div> : null}
    </div>
  );
}

/** What went wrong, in the server's own words, and how to go on. */
export function Failed({
  error,
  onRetry,
  isRetrying,
}: {
  error: unknown;
  onRetry?: () => void;
  isRetrying?: boolean;
}) {
  const problem = error instanceof ApiError ? error.problem : null;
  return (
    <div role="alert" className="rounded-lg border border-bad bg-bad-soft p-4 text-sm">
      <p className="flex items-center gap-2 font-medium text-bad">
        <TriangleAlert className="size-4 shrink-0" aria-hidden />
        {problem?.title ?? t("shell.failed")}
      </p>
      <p className="mt-1 break-words text-ink">{problem?.detail ?? t("shell.faultDetail")}</p>
      {problem?.reasons.length ? (
        <ul className="mt-1 list-disc pl-5 text-ink">
          {problem.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      ) : null}
      {problem?.hint ? <p className="mt-1 text-ink-2">{problem.hint}</p> : null}
      <div className="mt-2 flex flex-wrap items-center gap-2">
        {onRetry ? (
          <Button size="small" onClick={onRetry} disabled={isRetrying}>
            <RefreshCw aria-hidden />
            {t("shell.retry")}
          </Button>
        ) : null}
        {problem?.request_id ? (
          <span className="flex items-center gap-1 text-xs text-ink-2">
            {t("shell.requestId")} <code className="font-mono break-all">{problem.request_id}</code>
            <Copy text={problem.request_id} label={t("shell.copyRequestId")} />
          </span>
        ) : null}
      </div>
    </div>
  );
}

/** What somebody may know of but not see: who decides, and the way to ask. */
export function Forbidden({
  error,
  owner,
  dataset,
  columns,
  action,
}: {
  error?: unknown;
  owner?: string;
  /** What access is asked for, `sales.customers`: then there is a button for it. */
  dataset?: string;
  columns?: readonly string[];
  action?: ReactNode;
}) {
  const problem = error instanceof ApiError ? error.problem : null;
  const ask = dataset ? <AskButton dataset={dataset} columns={columns} /> : undefined;
  return (
    <Empty icon={Lock} title={t("shell.forbidden")} action={action ?? ask}>
      {owner ? <p>{t("shell.forbiddenOwner", { owner })}</p> : null}
      {problem ? <p>{problem.detail}</p> : null}
      {problem?.hint && !owner ? <p>{problem.hint}</p> : null}
    </Empty>
  );
}

/** The way to ask for access to a dataset. */
export function AskButton({ dataset, columns }: { dataset: string; columns?: readonly string[] }) {
  return (
    <Button asChild kind="primary">
      <Link to={askLink(dataset, columns)}>{t("shell.requestAccess")}</Link>
    </Button>
  );
}

/** That what is shown is older than it should be, since the server did not answer. */
export function Stale({ since, onRetry }: { since: number; onRetry: () => void }) {
  return (
    <div
      role="status"
      className="mb-3 flex flex-wrap items-center gap-2 rounded-md bg-warn-soft px-3 py-1.5 text-sm text-warn"
    >
      <Clock className="size-4" aria-hidden />
      <span className="flex-1">
        {t("shell.stale")} <Time at={new Date(since)} />
      </span>
      <Button size="small" onClick={onRetry}>
        {t("shell.retry")}
      </Button>
    </div>
  );
}
