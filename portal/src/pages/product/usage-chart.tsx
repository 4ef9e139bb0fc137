import { useMemo } from "react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { formatCount, formatDay } from "@/lib/format";
import { Chart } from "@/ui/chart/chart";

type Week = Shape<"UsageWeekShape">;

/** The questions of each week as bars, the week that is not over hatched; as a table with people and rows too. */
export default function UsageChart({ weeks }: { weeks: readonly Week[] }) {
  const option = useMemo(
    () => ({
      xAxis: { type: "category", data: weeks.map((week) => formatDay(week.start)) },
      yAxis: { type: "value", minInterval: 1 },
      series: [
        {
          type: "bar",
          name: t("usage.queries"),
          barMaxWidth: 40,
          data: weeks.map((week, place) => ({
            value: week.queries,
            itemStyle:
              place === weeks.length - 1
                ? { decal: { symbol: "rect", dashArrayX: [1, 0], rotation: 0.8 } }
                : {},
          })),
        },
      ],
    }),
    [weeks],
  );
  const count = (id: "people" | "teams" | "programs" | "queries" | "rows") => ({
    id,
    head: t(`usage.${id}`),
    isNumber: true,
    value: (week: Week) => week[id],
    cell: (week: Week) => formatCount(week[id]),
  });
  return (
    <Chart
      label={t("usage.byWeek")}
      option={option}
      table={{
        rows: weeks,
        rowKey: (week) => week.start,
        columns: [
          {
            id: "week",
            head: t("usage.week"),
            value: (week) => week.start,
            cell: (week) => formatDay(week.start),
          },
          count("people"),
          { ...count("teams"), hiddenBelow: "md" },
          { ...count("programs"), hiddenBelow: "md" },
          count("queries"),
          count("rows"),
        ],
      }}
    />
  );
}
