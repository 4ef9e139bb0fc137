import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { datasetsQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { lineageLink } from "@/lib/links";
import { Input } from "@/ui/field";
import { PageHead } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { Table } from "@/ui/table";

const MOST = 200;

/** Which dataset the lineage shall be of. */
export function Page() {
  const [words, setWords] = useState("");
  const datasets = useQuery(datasetsQuery);
  return (
    <>
      <PageHead title={t("lineage.title")}>{t("lineage.lead")}</PageHead>
      <Input
        type="search"
        value={words}
        onChange={(event) => setWords(event.target.value)}
        aria-label={t("lineage.filter")}
        placeholder={t("lineage.filter")}
        className="mb-3 max-w-md"
      />
      <Loaded query={datasets}>
        {(list) => {
          const shown = list.filter((one) => one.name.toLowerCase().includes(words.trim().toLowerCase()));
          return shown.length ? (
            <Panel isFlush>
              <Table
                label={t("lineage.choose")}
                rows={shown.slice(0, MOST)}
                rowKey={(one) => one.name}
                columns={[
                  {
                    id: "name",
                    head: t("lineage.dataset"),
                    value: (one) => one.name,
                    cell: (one) => (
                      <Link
                        to={lineageLink(one.name)}
                        className="font-medium wrap-anywhere text-accent hover:underline"
                      >
                        {one.name}
                      </Link>
                    ),
                  },
                  {
                    id: "description",
                    head: t("lineage.about"),
                    cell: (one) => one.description,
                    hiddenBelow: "md",
                  },
                  {
                    id: "owner",
                    head: t("lineage.owner"),
                    value: (one) => one.owner,
                    cell: (one) => one.owner,
                    hiddenBelow: "sm",
                  },
                ]}
              />
            </Panel>
          ) : (
            <Empty title={words ? t("lineage.noneFound", { words }) : t("lineage.none")} />
          );
        }}
      </Loaded>
    </>
  );
}
