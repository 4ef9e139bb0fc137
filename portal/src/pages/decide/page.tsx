import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { Places } from "@/pages/access/places";
import { PageHead } from "@/ui/page";
import { Again } from "./again";
import { SEARCH } from "./search";
import { Waiting } from "./waiting";

/** What waits for somebody to decide, and what they should look at again. */
export function Page() {
  const [{ tab = "waiting" }] = useAddress(SEARCH);
  return (
    <>
      <PageHead title={t("access.decideTitle")}>{t("access.decideLead")}</PageHead>
      <Places here={tab === "waiting" ? "decide" : "again"} />
      {tab === "waiting" ? <Waiting /> : <Again />}
    </>
  );
}
