import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { PageHead } from "@/ui/page";
import { Tabs } from "@/ui/tabs";
import { Agreements } from "./agreements";
import { Audit } from "./audit";
import { PersonalData } from "./personal";
import { Policies } from "./policies";
import { Purposes } from "./purposes";
import { Saw } from "./saw";
import { SEARCH, TABS } from "./search";
import { Simulate } from "./simulate";
import { Who } from "./who";
import { Why } from "./why";

const CONTENT = {
  policies: () => <Policies />,
  why: () => <Why />,
  who: () => <Who />,
  saw: () => <Saw />,
  simulate: () => <Simulate />,
  purposes: () => <Purposes />,
  agreements: () => <Agreements />,
  personal: () => <PersonalData />,
  audit: () => <Audit />,
};

/** Who may see what, why, for what, and what was done. */
export function Page() {
  const [{ tab = "policies" }, change] = useAddress(SEARCH);
  return (
    <>
      <PageHead title={t("governance.title")}>{t("governance.lead")}</PageHead>
      <Tabs
        label={t("governance.title")}
        chosen={tab}
        onChoose={(chosen) =>
          // A tab begins without what was asked in another one.
          change({ ...EMPTY, tab: TABS.find((one) => one === chosen) }, { push: true })
        }
        tabs={TABS.map((name) => ({
          name,
          label: t(`governance.tab.${name}`),
          content: CONTENT[name],
        }))}
      />
    </>
  );
}

const EMPTY = Object.fromEntries(Object.keys(SEARCH).map((name) => [name, undefined]));
