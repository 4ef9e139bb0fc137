import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { PageHead } from "@/ui/page";
import { Tabs } from "@/ui/tabs";
import { Datasets } from "./datasets";
import { Incidents } from "./incidents";
import { LevelList } from "./level-list";
import { incidentsQuery, statusQuery } from "./queries";
import { SEARCH, TABS } from "./search";

/** Whether data is as it was promised: all datasets, the worst first, service levels, and what is going on. */
export function Page() {
  const [{ tab = "datasets" }, change] = useAddress(SEARCH);
  const status = useQuery(statusQuery);
  const open = useInfiniteQuery(incidentsQuery("open"));
  const unwell = status.data?.filter((one) => !["fine", "not_released"].includes(one.state)).length;
  return (
    <>
      <PageHead title={t("quality.title")}>{t("quality.lead")}</PageHead>
      <Tabs
        label={t("quality.title")}
        chosen={tab}
        onChoose={(name) => change({ tab: TABS.find((one) => one === name), state: undefined })}
        tabs={[
          {
            name: "datasets",
            label: t("quality.datasets"),
            count: unwell || undefined,
            content: () => <Datasets />,
          },
          { name: "levels", label: t("quality.levels"), content: () => <LevelList /> },
          {
            name: "incidents",
            label: t("quality.incidents"),
            count: open.data?.pages.reduce((sum, page) => sum + page.incidents.length, 0) || undefined,
            content: () => <Incidents />,
          },
        ]}
      />
    </>
  );
}
