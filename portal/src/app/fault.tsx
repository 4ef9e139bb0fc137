import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { isCode } from "@/api/problem";
import { NotFound } from "@/ui/not-found";
import { Bars, Failed, Forbidden, Skeleton } from "@/ui/state";

export { NotFound };

/** What somebody sees where a page could not be drawn; the frame around it stays. */
export function Fault({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  if (isCode(error, "not_found")) return <NotFound />;
  if (isCode(error, "denied")) return <Forbidden error={error} />;
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <div className="mx-auto max-w-2xl p-4">
      <Failed error={error} onRetry={retry} />
    </div>
  );
}

export function Pending() {
  return (
    <Skeleton>
      <div className="skeleton mb-4 h-8 w-64" />
      <Bars />
    </Skeleton>
  );
}
