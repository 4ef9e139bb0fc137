import { Link } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { t } from "@/i18n/texts";
import { Button } from "@/ui/button";
import { PageHead } from "@/ui/page";
import { Empty } from "@/ui/state";

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
