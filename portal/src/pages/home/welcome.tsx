import { Link } from "@tanstack/react-router";
import { Compass, GraduationCap } from "lucide-react";
import { t } from "@/i18n/texts";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";

const LEARN: string = "/learn";

/** What somebody can do who has and uses nothing yet. */
export function Welcome({ products }: { products: number }) {
  return (
    <Panel>
      <p className="text-lg font-semibold">{t("home.welcome")}</p>
      <p className="mt-1 max-w-[70ch] text-ink-2">
        {products ? t("home.welcomeDetail", { count: products }) : t("home.welcomeNothing")}
      </p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button asChild kind="primary">
          <Link to="/catalog">
            <Compass aria-hidden />
            {t("home.find")}
          </Link>
        </Button>
        <Button asChild>
          <Link to={LEARN}>
            <GraduationCap aria-hidden />
            {t("home.tour")}
          </Link>
        </Button>
      </div>
    </Panel>
  );
}
