import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { formatCount, formatShare } from "@/lib/format";
import { Chart } from "@/ui/chart/chart";
import { Loaded } from "@/ui/state";
import { binsOf, histogramWords } from "./histogram-words";
import { type Named, seriesQuery } from "./queries";

type Histogram = Shape<"HistogramFacts">;
type Point = Shape<"SeriesPoint">;

/** The charts of a column: how its values are spread, and how full it was in each release. */
export default function ColumnCharts({
  named,
  column,
}: {
  named: Named;
  column: Shape<"ColumnProfileFacts">;
}) {
  const series = useQuery(seriesQuery(named, column.name));
  return (
    <>
      {column.histogram ? <Spread histogram={column.histogram} /> : null}
      <Loaded query={series}>
        {(points) => {
          const known = points.filter((one) => one.null_share !== null);
          if (known.length < 2) return null;
          return known.some((one) => one.null_share) ? (
            <Fullness points={points} />
          ) : (
            <p className="text-sm text-ink-2">{t("dataset.neverEmpty", { count: known.length })}</p>
          );
        }}
      </Loaded>
    </>
  );
}

function Spread({ histogram }: { histogram: Histogram }) {
  const bins = useMemo(() => binsOf(histogram), [histogram]);
  const option = useMemo(
    () => ({
      dataset: { source: bins.map((bin) => [bin.from, bin.count, bin.range]) },
      xAxis: { type: "category", axisLabel: { hideOverlap: true, width: 72, overflow: "truncate" } },
      yAxis: { type: "value", minInterval: 1 },
      tooltip: {
        trigger: "axis",
        formatter: ([shown]: { value: [string, number, string] }[]) =>
          shown ? t("dataset.inRange", { count: shown.value[1], range: shown.value[2] }) : "",
      },
      series: [{ type: "bar", barCategoryGap: "4%", encode: { x: 0, y: 1 } }],
    }),
    [bins],
  );
  return (
    <Chart
      label={histogramWords(histogram)}
      option={option}
      height={180}
      table={{
        rows: bins,
        rowKey: (bin) => bin.range,
        columns: [
          {
            id: "range",
            head: histogram.of === "length" ? t("dataset.length") : t("dataset.value"),
            cell: (bin) => bin.range,
          },
          { id: "rows", head: t("dataset.rowCount"), isNumber: true, cell: (bin) => formatCount(bin.count) },
        ],
      }}
    />
  );
}

function Fullness({ points }: { points: readonly Point[] }) {
  const option = useMemo(
    () => ({
      xAxis: { type: "category", data: points.map((one) => String(one.release)) },
      yAxis: {
        type: "value",
        min: 0,
        max: 1,
        axisLabel: { formatter: (share: number) => formatShare(share) },
      },
      tooltip: { trigger: "axis", valueFormatter: (share: number) => formatShare(share) },
      series: [
        {
          type: "line",
          name: t("dataset.empty"),
          data: points.map((one) => one.null_share),
          symbolSize: 6,
        },
      ],
    }),
    [points],
  );
  return (
    <Chart
      label={t("dataset.emptyOverReleases")}
      option={option}
      height={160}
      table={{
        rows: points,
        rowKey: (one) => String(one.release),
        columns: [
          { id: "release", head: t("dataset.release"), isNumber: true, cell: (one) => one.release },
          {
            id: "rows",
            head: t("dataset.rowCount"),
            isNumber: true,
            cell: (one) => (one.rows === null ? "" : formatCount(one.rows)),
          },
          {
            id: "empty",
            head: t("dataset.empty"),
            isNumber: true,
            cell: (one) => (one.null_share === null ? "" : formatShare(one.null_share)),
          },
          {
            id: "distinct",
            head: t("dataset.differentValues"),
            isNumber: true,
            cell: (one) => (one.approximate_distinct === null ? "" : formatCount(one.approximate_distinct)),
          },
        ],
      }}
    />
  );
}
