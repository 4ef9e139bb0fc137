import { useQuery } from "@tanstack/react-query";
import { ChartColumn } from "lucide-react";
import { useMemo } from "react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { type Cell, cellText, isNumber } from "@/lib/cells";
import { formatNumber, formatShort } from "@/lib/format";
import { Chart, token } from "@/ui/chart/chart";
import { Field, Select } from "@/ui/field";
import { Empty, Loaded } from "@/ui/state";
import { CHART_ROWS, chartQuery } from "./queries";
import { MARKS, type Mark, SEARCH } from "./search";

type Column = Shape<"PageColumn">;
interface Point {
  place: number;
  x: Cell;
  label: string;
  /** Which line or which colour it belongs to. */
  by: string;
  y: number | null;
}
/** As many as there are colours that one tells apart. */
const MOST_SERIES = 6;
const NONE = "-";

const isTime = (type: string) => /^(date|timestamp)/.test(type);

/** An answer as a picture: one column along, one up. */
export function ResultChart({ question }: { question: string }) {
  const page = useQuery(chartQuery(question));
  return (
    <Loaded query={page}>
      {({ columns, rows, total_rows }) =>
        columns.some((column) => isNumber(column.type)) && rows.length ? (
          <Drawn columns={columns} rows={rows as Cell[][]} isCut={total_rows > rows.length} />
        ) : (
          <Empty icon={ChartColumn} title={t("sql.noChart")}>
            {t("sql.noChartDetail")}
          </Empty>
        )
      }
    </Loaded>
  );
}

function Drawn({
  columns,
  rows,
  isCut,
}: {
  columns: readonly Column[];
  rows: readonly Cell[][];
  isCut: boolean;
}) {
  const [said, change] = useAddress(SEARCH);
  const numbers = columns.filter((column) => isNumber(column.type));
  const find = (name: string | undefined, among: readonly Column[]) =>
    among.find((column) => column.name === name);
  const first = columns[0] as Column;
  const x =
    find(said.x, columns) ??
    columns.find((column) => isTime(column.type)) ??
    columns.find((column) => !isNumber(column.type)) ??
    first;
  const y =
    find(said.y, numbers) ?? numbers.find((column) => column.name !== x.name) ?? (numbers[0] as Column);
  const mark: Mark = said.mark ?? (isTime(x.type) ? "line" : isNumber(x.type) ? "point" : "bar");
  const rest = columns.filter((column) => column !== x && column !== y);
  const by = said.by === NONE ? undefined : (find(said.by, rest) ?? naturalSplit(columns, rows, x, rest));
  const points = useMemo(() => pointsOf(columns, rows, x, y, by), [columns, rows, x, y, by]);
  const option = useMemo(() => optionOf(mark, x, y, points), [mark, x, y, points]);
  const dropped = new Set(points.map((point) => point.by)).size - MOST_SERIES;
  const names = (among: readonly Column[]) =>
    among.map((column) => (
      <option key={column.name} value={column.name}>
        {column.name}
      </option>
    ));
  return (
    <div className="space-y-3">
      <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-4">
        <Field label={t("sql.chart.mark")}>
          <Select
            value={mark}
            onChange={(event) => change({ mark: MARKS.find((one) => one === event.target.value) })}
          >
            {MARKS.map((one) => (
              <option key={one} value={one}>
                {t(`sql.chart.${one}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t("sql.chart.x")}>
          <Select value={x.name} onChange={(event) => change({ x: event.target.value })}>
            {names(columns)}
          </Select>
        </Field>
        <Field label={t("sql.chart.by")}>
          <Select value={by?.name ?? NONE} onChange={(event) => change({ by: event.target.value })}>
            <option value={NONE}>{t("sql.chart.notSplit")}</option>
            {names(rest)}
          </Select>
        </Field>
        <Field label={t("sql.chart.y")}>
          <Select value={y.name} onChange={(event) => change({ y: event.target.value })}>
            {names(numbers)}
          </Select>
        </Field>
      </div>
      {isCut ? <p className="text-xs text-ink-2">{t("sql.chart.cut", { amount: CHART_ROWS })}</p> : null}
      {dropped > 0 ? (
        <p className="text-xs text-ink-2">{t("sql.chart.series", { amount: MOST_SERIES })}</p>
      ) : null}
      <Chart
        label={t("sql.chart.label", { y: y.name, x: x.name })}
        option={option}
        height={340}
        table={{
          columns: [
            { id: "x", head: x.name, cell: (point: Point) => point.label },
            ...(by ? [{ id: "by", head: by.name, cell: (point: Point) => point.by }] : []),
            {
              id: "y",
              head: y.name,
              isNumber: true,
              cell: (point: Point) => (point.y === null ? "" : formatNumber(point.y)),
            },
          ],
          rows: points,
          rowKey: (point) => String(point.place),
        }}
      />
    </div>
  );
}

/** Return the column that tells rows apart which stand at the same place: what is drawn would be one tangle. */
function naturalSplit(
  columns: readonly Column[],
  rows: readonly Cell[][],
  x: Column,
  rest: readonly Column[],
): Column | undefined {
  const at = columns.indexOf(x);
  const isAmbiguous = new Set(rows.map((row) => String(row[at]))).size < rows.length;
  return isAmbiguous ? rest.find((column) => !isNumber(column.type)) : undefined;
}

function pointsOf(
  columns: readonly Column[],
  rows: readonly Cell[][],
  x: Column,
  y: Column,
  by: Column | undefined,
): Point[] {
  const text = (value: Cell | undefined, column: Column) =>
    value === undefined || value === null ? t("shell.null") : cellText(value, column.type);
  const [across, up] = [columns.indexOf(x), columns.indexOf(y)];
  const points = rows.map((row, place) => {
    const value = row[up] ?? null;
    return {
      place,
      x: row[across] ?? null,
      label: text(row[across], x),
      by: by ? text(row[columns.indexOf(by)], by) : y.name,
      y: value === null ? null : Number(value),
    };
  });
  // Along time and numbers one goes in their order; what is named stays in that of the answer.
  if (isNumber(x.type)) points.sort((a, b) => Number(a.x) - Number(b.x));
  else if (isTime(x.type)) points.sort((a, b) => String(a.x).localeCompare(String(b.x)));
  return points;
}

function optionOf(mark: Mark, x: Column, y: Column, points: readonly Point[]) {
  const isScale = mark !== "bar" && isNumber(x.type);
  const type = { bar: "bar", line: "line", point: "scatter" }[mark];
  const labels = [...new Set(points.map((point) => point.label))];
  const series = new Map<string, Point[]>();
  for (const point of points) {
    const own = series.get(point.by);
    if (own) own.push(point);
    else series.set(point.by, [point]);
  }
  const axis = { name: x.name, nameLocation: "middle", nameGap: 28 };
  return {
    grid: { left: 16, right: 24, top: series.size > 1 ? 56 : 32, bottom: 32, containLabel: true },
    legend: { show: series.size > 1, top: 0, textStyle: { color: token("ink-2") } },
    xAxis: isScale ? { type: "value", scale: true, ...axis } : { type: "category", data: labels, ...axis },
    yAxis: {
      type: "value",
      name: y.name,
      nameTextStyle: { align: "left" },
      axisLabel: { formatter: (value: number) => formatShort(value) },
      scale: mark === "point",
    },
    tooltip: {
      trigger: mark === "point" ? "item" : "axis",
      valueFormatter: (value: unknown) => (typeof value === "number" ? formatNumber(value) : "–"),
    },
    series: [...series].slice(0, MOST_SERIES).map(([name, own], place) => ({
      type,
      name,
      data: own.map((point) => [isScale ? Number(point.x) : point.label, point.y]),
      showSymbol: own.length < 60,
      symbol: SYMBOLS[place % SYMBOLS.length],
      barMaxWidth: 48,
      symbolSize: mark === "point" ? 8 : 6,
    })),
  };
}

/** Beside the colour: what is told apart is told apart by its form too. */
const SYMBOLS = ["circle", "rect", "triangle", "diamond", "roundRect", "arrow"];
