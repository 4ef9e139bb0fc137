import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { Button } from "@/ui/button";
import { PageHead } from "@/ui/page";
import { Tabs } from "@/ui/tabs";
import { Missed } from "./missed";
import { SEARCH, TABS } from "./search";
import { WishSheet } from "./wish-sheet";
import { Wishes } from "./wishes";

/** What people ask for and do not find: their wishes, and for those who can help it also what they searched in vain. */
export function Page() {
  const [{ tab = "wishes", wish }, change] = useAddress(SEARCH);
  const { actions } = useSession();
  const seesMissed = actions.includes("demand:read");
  return (
    <>
      <PageHead
        title={t("demand.title")}
        actions={
          <Button asChild kind="primary">
            <Link to="/demand/new">
              <Plus aria-hidden />
              {t("demand.ask")}
            </Link>
          </Button>
        }
      >
        {t("demand.lead")}
      </PageHead>
      {seesMissed || tab === "searches" ? (
        <Tabs
          label={t("demand.title")}
          chosen={tab}
          onChoose={(chosen) => change({ tab: TABS.find((one) => one === chosen) })}
          tabs={[
            { name: "wishes", label: t("demand.wishes"), content: () => <Wishes /> },
            { name: "searches", label: t("demand.searches"), content: () => <Missed /> },
          ]}
        />
      ) : (
        <Wishes />
      )}
      {wish ? <WishSheet id={wish} onClose={() => change({ wish: undefined })} /> : null}
    </>
  );
}
