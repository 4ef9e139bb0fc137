import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { SearchCheck } from "lucide-react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { formatCount, formatNumber } from "@/lib/format";
import { datasetLink, productLink, wishLink } from "@/lib/links";
import { Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { type Column, type RowData, Table } from "@/ui/table";
import { Time } from "@/ui/time";
import { missedQuery } from "./queries";

/** What people searched in vain, were denied, and rate low: never who. For stewards, auditors and owners of domains. */
export function Missed() {
  const missed = useQuery(missedQuery);
  return (
    <Loaded query={missed}>
      {({ misses, denials, ratings }) =>
        misses.length + denials.length + ratings.length === 0 ? (
          <Empty icon={SearchCheck} title={t("demand.nothingMissed")}>
            {t("demand.nothingMissedDetail")}
          </Empty>
        ) : (
          <div className="space-y-4">
            <p className="text-sm text-ink-2">{t("demand.nobodysName")}</p>
            <Part
              title={t("demand.missed")}
              rows={misses}
              rowKey={(one) => `${one.words} ${one.domain}`}
              columns={MISSES()}
            />
            <Part
              title={t("demand.denied")}
              rows={denials}
              rowKey={(one) => one.dataset}
              columns={DENIALS()}
            />
            <Part title={t("demand.rated")} rows={ratings} rowKey={(one) => one.product} columns={RATED()} />
          </div>
        )
      }
    </Loaded>
  );
}

/** A table with its heading; nothing where it has no rows. */
function Part<Row extends RowData>({
  title,
  rows,
  ...rest
}: {
  title: string;
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  columns: readonly Column<Row>[];
}) {
  if (!rows.length) return null;
  return (
    <Panel title={title} isFlush>
      <Table label={title} rows={rows} {...rest} />
    </Panel>
  );
}

/** How often something happened, and when it did last. */
const OFTEN = <Row extends { count: number; last_at: string }>(): Column<Row>[] => [
  {
    id: "count",
    head: t("demand.times"),
    isNumber: true,
    value: (one) => one.count,
    cell: (one) => formatCount(one.count),
  },
  {
    id: "last",
    head: t("demand.last"),
    value: (one) => Date.parse(one.last_at),
    cell: (one) => <Time at={one.last_at} />,
    hiddenBelow: "sm",
  },
];

const MISSES = (): Column<Shape<"MissShape">>[] => [
  {
    id: "words",
    head: t("demand.words"),
    value: (one) => one.words,
    cell: (one) => <span className="break-words">{one.words}</span>,
  },
  {
    id: "domain",
    head: t("demand.in"),
    value: (one) => one.domain,
    cell: (one) => one.domain || t("demand.everywhere"),
    hiddenBelow: "sm",
  },
  ...OFTEN(),
  {
    id: "wish",
    head: <span className="sr-only">{t("demand.ask")}</span>,
    cell: (one) => (
      <Link to={wishLink(one.words)} className="text-accent hover:underline">
        {t("demand.makeWish")}
      </Link>
    ),
  },
];

const DENIALS = (): Column<Shape<"DenialShape">>[] => [
  {
    id: "dataset",
    head: t("demand.dataset"),
    value: (one) => one.dataset,
    cell: (one) => (
      <Link to={datasetLink(one.dataset)} className="break-all text-accent hover:underline">
        {one.dataset}
      </Link>
    ),
  },
  ...OFTEN(),
];

const RATED = (): Column<Shape<"RatedShape">>[] => [
  {
    id: "product",
    head: t("demand.product"),
    value: (one) => one.product,
    cell: (one) => (
      <Link to={productLink(one.product)} className="break-all text-accent hover:underline">
        {one.product}
      </Link>
    ),
  },
  {
    id: "stars",
    head: t("demand.stars"),
    isNumber: true,
    value: (one) => one.stars,
    cell: (one) => formatNumber(one.stars),
  },
  {
    id: "count",
    head: t("demand.ratings"),
    isNumber: true,
    value: (one) => one.count,
    cell: (one) => formatCount(one.count),
  },
  {
    id: "said",
    head: t("demand.said"),
    cell: (one) => <span className="line-clamp-2 break-words">{one.comments[0]?.text ?? ""}</span>,
    hiddenBelow: "sm",
  },
];
