import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { History, Play, Plus, Table2, Workflow } from "lucide-react";
import { type ReactElement, useState } from "react";
import { datasetQuery, releasesQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { split } from "@/lib/address";
import { formatCount } from "@/lib/format";
import { datasetLink, lineageLink } from "@/lib/links";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Menu, MenuItem } from "@/ui/menu";
import { Loaded } from "@/ui/state";
import { Table } from "@/ui/table";
import { Time } from "@/ui/time";

/** What one can do with a dataset of the tree. */
export function DatasetMenu({
  dataset,
  trigger,
  onInsert,
  onOpen,
}: {
  dataset: string;
  trigger: ReactElement;
  onInsert: (text: string) => void;
  onOpen: (sql: string) => void;
}) {
  const navigate = useNavigate();
  const [isPast, setPast] = useState(false);
  return (
    <>
      <Menu trigger={trigger}>
        <MenuItem icon={Play} onSelect={() => onOpen(`SELECT *\nFROM ${dataset}\nLIMIT 100`)}>
          {t("sql.firstRows")}
        </MenuItem>
        <MenuItem icon={Plus} onSelect={() => onInsert(dataset)}>
          {t("sql.insertName")}
        </MenuItem>
        <MenuItem icon={History} onSelect={() => setPast(true)}>
          {t("sql.asOf")}
        </MenuItem>
        <MenuItem icon={Table2} onSelect={() => void navigate({ to: datasetLink(dataset) })}>
          {t("sql.toDataset")}
        </MenuItem>
        <MenuItem icon={Workflow} onSelect={() => void navigate({ to: lineageLink(dataset) })}>
          {t("sql.toLineage")}
        </MenuItem>
      </Menu>
      {isPast ? (
        <Past
          dataset={dataset}
          onClose={() => setPast(false)}
          onChoose={(release) => {
            setPast(false);
            onInsert(`${dataset} AT (VERSION => ${release})`);
          }}
        />
      ) : null}
    </>
  );
}

/** The releases of a dataset, to ask one of them instead of the current one. */
function Past({
  dataset,
  onClose,
  onChoose,
}: {
  dataset: string;
  onClose: () => void;
  onChoose: (release: number) => void;
}) {
  const { domain, rest } = split(dataset);
  const facts = useQuery(datasetQuery(domain, rest));
  const releases = useQuery({ ...releasesQuery(facts.data?.product), enabled: facts.data !== undefined });
  const rowsOf = (one: NonNullable<typeof releases.data>[number]) =>
    one.datasets.find((part) => part.name === dataset)?.rows;
  return (
    <Dialog
      title={t("sql.asOf")}
      description={t("sql.asOfDetail", { dataset })}
      isOpen
      onOpen={(isOpen) => (isOpen ? undefined : onClose())}
    >
      <Loaded query={releases}>
        {(list) => (
          <Table
            label={t("sql.asOf")}
            rows={list.filter((one) => rowsOf(one) !== undefined)}
            rowKey={(one) => String(one.number)}
            columns={[
              {
                id: "number",
                head: t("sql.release"),
                cell: (one) => (
                  <span className="flex items-center gap-2">
                    <Button size="small" onClick={() => onChoose(one.number)}>
                      {t("sql.releaseNumber", { number: String(one.number) })}
                    </Button>
                    {one.is_current ? <Badge tone="ok">{t("sql.current")}</Badge> : null}
                  </span>
                ),
              },
              { id: "when", head: t("sql.when"), cell: (one) => <Time at={one.created_at} /> },
              {
                id: "rows",
                head: t("sql.rows"),
                isNumber: true,
                cell: (one) => formatCount(rowsOf(one) ?? 0),
              },
            ]}
          />
        )}
      </Loaded>
    </Dialog>
  );
}
