import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Shape } from "@/api/client";
import { releasesQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { formatBytes, formatCount, formatMoment } from "@/lib/format";
import { releaseLink } from "@/lib/links";
import { Badge } from "@/ui/badge";
import { Check, Field, Select } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { type Column, Table } from "@/ui/table";
import { Time } from "@/ui/time";
import { Differences } from "./differences";
import type { Named } from "./queries";
import { SEARCH } from "./search";

interface Entry {
  product: string;
  number: number;
  at: string;
  isCurrent: boolean;
  rows: number;
  bytes: number;
}

/** The releases in which a dataset is, and what is different between two of them. */
export function Releases({ dataset, named }: { dataset: Shape<"DatasetFacts">; named: Named }) {
  const releases = useQuery(releasesQuery(dataset.product));
  return (
    <Loaded query={releases}>
      {(list) => {
        const entries = list.flatMap((one): Entry[] => {
          const found = one.datasets.find(({ name }) => name === dataset.name);
          return found
            ? [
                {
                  product: one.product,
                  number: one.number,
                  at: one.created_at,
                  isCurrent: one.is_current,
                  ...found,
                },
              ]
            : [];
        });
        if (!entries.length)
          return <Empty title={t("dataset.notReleased")}>{t("dataset.notReleasedDetail")}</Empty>;
        return (
          <div className="space-y-4">
            <Panel isFlush>
              <Table
                label={t("dataset.releases")}
                rows={entries}
                rowKey={(entry) => String(entry.number)}
                columns={COLUMNS()}
              />
            </Panel>
            {entries.length > 1 ? <Compare entries={entries} dataset={dataset} named={named} /> : null}
          </div>
        );
      }}
    </Loaded>
  );
}

function Compare({
  entries,
  dataset,
  named,
}: {
  entries: readonly Entry[];
  dataset: Shape<"DatasetFacts">;
  named: Named;
}) {
  const types = new Map(dataset.columns.map(({ name, type }) => [name, type]));
  const [{ from, to, rows }, change] = useAddress(SEARCH);
  const known = (number: number | undefined) => entries.find((one) => one.number === number)?.number;
  const after = known(to) ?? entries[0]?.number ?? 1;
  const before = known(from) ?? entries.find((one) => one.number < after)?.number ?? after;
  const isAsked = from !== undefined || to !== undefined;
  const choice = (chosen: number, onChoose: (number: number) => void) => (
    <Select value={chosen} onChange={(event) => onChoose(Number(event.target.value))}>
      {entries.map((one) => (
        <option key={one.number} value={one.number}>
          {t("dataset.releaseAt", { number: String(one.number), time: formatMoment(one.at) })}
        </option>
      ))}
    </Select>
  );
  return (
    <Panel title={t("dataset.compare")}>
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <div className="w-60 max-w-full">
          <Field label={t("dataset.before")}>
            {choice(before, (number) => change({ from: number, to: after }))}
          </Field>
        </div>
        <div className="w-60 max-w-full">
          <Field label={t("dataset.after")}>
            {choice(after, (number) => change({ from: before, to: number }))}
          </Field>
        </div>
        <Check
          label={t("dataset.compareRows")}
          checked={rows === "yes"}
          onChange={(event) =>
            change({ from: before, to: after, rows: event.target.checked ? "yes" : undefined })
          }
        />
      </div>
      {before === after ? (
        <p className="text-sm text-ink-2">{t("dataset.same")}</p>
      ) : isAsked ? (
        <Differences named={named} types={types} from={before} to={after} withRows={rows === "yes"} />
      ) : (
        <button
          type="button"
          className="min-h-7 text-sm text-accent hover:underline"
          onClick={() => change({ from: before, to: after })}
        >
          {t("dataset.compareLast")}
        </button>
      )}
    </Panel>
  );
}

const COLUMNS = (): Column<Entry>[] => [
  {
    id: "number",
    head: t("dataset.release"),
    value: (entry) => entry.number,
    cell: (entry) => (
      <span className="flex flex-wrap items-center gap-2">
        <Link
          to={releaseLink(entry.product, entry.number)}
          className="tnum font-medium text-accent hover:underline"
        >
          {entry.number}
        </Link>
        {entry.isCurrent ? <Badge tone="ok">{t("dataset.current")}</Badge> : null}
      </span>
    ),
  },
  {
    id: "when",
    head: t("dataset.when"),
    value: (entry) => Date.parse(entry.at),
    cell: (entry) => <Time at={entry.at} />,
  },
  {
    id: "rows",
    head: t("dataset.rowCount"),
    isNumber: true,
    value: (entry) => entry.rows,
    cell: (entry) => formatCount(entry.rows),
  },
  {
    id: "bytes",
    head: t("dataset.size"),
    isNumber: true,
    hiddenBelow: "sm",
    value: (entry) => entry.bytes,
    cell: (entry) => formatBytes(entry.bytes),
  },
];
