import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { isCode } from "@/api/problem";
import { t } from "@/i18n/texts";
import { Button } from "@/ui/button";
import { PageHead } from "@/ui/page";
import { Bars, Empty, Failed, Forbidden, Skeleton } from "@/ui/state";

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

/** An address at which there is nothing, or nothing that one may know of. */
export function NotFound() {
  return (
    <>
      <PageHead title={t("shell.notFound")} />
      <Empty
        icon={SearchX}
        title={t("shell.notFoundTitle")}
        action={
          <Button asChild>
            <Link to="/catalog">{t("shell.toCatalog")}</Link>
          </Button>
        }
      >
        {t("shell.notFoundDetail")}
      </Empty>
    </>
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
