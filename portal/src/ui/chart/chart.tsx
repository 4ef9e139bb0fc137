import { BarChart, HeatmapChart, LineChart, PieChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  DatasetComponent,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef, useState } from "react";
import { t } from "@/i18n/texts";
import { Button } from "@/ui/button";
import { type Column, type RowData, Table } from "@/ui/table";

use([
  AriaComponent,
  BarChart,
  DatasetComponent,
  DataZoomComponent,
  GridComponent,
  HeatmapChart,
  LegendComponent,
  LineChart,
  MarkLineComponent,
  PieChart,
  ScatterChart,
  SVGRenderer,
  TooltipComponent,
  VisualMapComponent,
]);

/** Return a token's colour as it is now. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** A chart, and the same figures as a table for whoever reads them better so. */
export function Chart<Row extends RowData>({
  label,
  option,
  table,
  height = 280,
}: {
  label: string;
  /** ECharts' own; colours, fonts and lines come from the theme, so leave them out. Keep it stable. */
  option: EChartsCoreOption;
  table: { columns: readonly Column<Row>[]; rows: readonly Row[]; rowKey: (row: Row) => string };
  height?: number;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [isTable, setTable] = useState(false);
  useEffect(() => {
    if (!place.current || isTable) return;
    const chart = init(place.current, null, { renderer: "svg" });
    const draw = () => chart.setOption({ ...themed(option), aria: { enabled: true } }, true);
    const observer = new ResizeObserver(() => chart.resize());
    draw();
    observer.observe(place.current);
    window.addEventListener("themechange", draw);
    return () => {
      window.removeEventListener("themechange", draw);
      observer.disconnect();
      chart.dispose();
    };
  }, [option, isTable]);
  return (
    <figure aria-label={label} className="space-y-1">
      {isTable ? (
        <Table label={label} {...table} />
      ) : (
        <div ref={place} role="img" aria-label={label} style={{ height }} />
      )}
      <div className="text-right">
        <Button kind="quiet" size="small" onClick={() => setTable(!isTable)}>
          {isTable ? t("shell.asChart") : t("shell.asTable")}
        </Button>
      </div>
    </figure>
  );
}

/** Return an option with the colours, fonts and lines of the theme wherever it says nothing else. */
function themed(option: EChartsCoreOption): EChartsCoreOption {
  const axis = {
    axisLine: { lineStyle: { color: token("line-strong") } },
    axisLabel: { color: token("ink-2") },
    splitLine: { lineStyle: { color: token("line") } },
  };
  const own = {
    animation: false,
    color: [1, 2, 3, 4, 5, 6].map((number) => token(`chart-${number}`)),
    textStyle: { fontFamily: "Inter Variable, sans-serif", color: token("ink-2") },
    grid: { left: 8, right: 16, top: 24, bottom: 8, containLabel: true },
    tooltip: {
      trigger: "axis",
      backgroundColor: token("panel"),
      borderColor: token("line"),
      textStyle: { color: token("ink") },
    },
    xAxis: axis,
    yAxis: axis,
  };
  const found: EChartsCoreOption = { ...own, ...option };
  for (const name of ["grid", "tooltip", "xAxis", "yAxis"] as const)
    found[name] = onto(own[name], option[name]);
  return found;
}

/** Put one part of an option, or each of several, onto what the theme says of it. */
function onto(theme: Record<string, unknown>, said: unknown): unknown {
  if (Array.isArray(said)) return said.map((one) => onto(theme, one));
  const given = (said ?? {}) as Record<string, unknown>;
  const label = { ...(theme.axisLabel as object), ...(given.axisLabel as object) };
  return { ...theme, ...given, ...(theme.axisLabel ? { axisLabel: label } : {}) };
}
