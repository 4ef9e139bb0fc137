import type { ReactNode } from "react";
import { RoleNeeded } from "@/app/role-needed";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { PageHead } from "@/ui/page";
import { Tabs } from "@/ui/tabs";
import { Channels } from "./channels";
import { Health } from "./health";
import { Program } from "./program";
import { SEARCH, TABS } from "./search";
import { Effective } from "./settings";

/** How the server stands, for those who look after it; and how programs reach it, for everybody. */
export function Page() {
  const [{ tab = "program" }, change] = useAddress(SEARCH);
  const content = {
    program: () => <Program />,
    health: () => <ForAdministrators of={<Health />} />,
    settings: () => <ForAdministrators of={<Effective />} />,
    channels: () => <ForAdministrators of={<Channels />} />,
  };
  return (
    <>
      <PageHead title={t("settings.title")}>{t("settings.lead")}</PageHead>
      <Tabs
        label={t("settings.title")}
        chosen={tab}
        onChoose={(chosen) =>
          change({
            tab: TABS.find((one) => one === chosen),
            source: undefined,
            state: undefined,
          })
        }
        tabs={TABS.map((name) => ({
          name,
          label: t(`settings.tab.${name}`),
          content: content[name],
        }))}
      />
    </>
  );
}

function ForAdministrators({ of }: { of: ReactNode }) {
  const { roles } = useSession();
  return roles.includes("administrator") ? (
    of
  ) : (
    <RoleNeeded roles={["administrator"]}>{t("settings.forAdministrators")}</RoleNeeded>
  );
}
