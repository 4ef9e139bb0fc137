// A histogram in words, for those who do not see it.
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { formatCount, formatDay, formatNumber, formatShare } from "@/lib/format";

type Histogram = Shape<"HistogramFacts">;

/** Return an edge of a bin as people read it. */
export function edgeText(of: string, edge: number | string): string {
  if (of === "time") return Number.isNaN(Date.parse(String(edge))) ? String(edge) : formatDay(String(edge));
  return formatNumber(typeof edge === "number" ? Number(edge.toPrecision(6)) : edge);
}

/** Return the range of each bin. */
export function binsOf({ of, edges, counts }: Histogram): { from: string; range: string; count: number }[] {
  return counts.map((count, place) => ({
    from: edgeText(of, edges[place] ?? ""),
    range: t("dataset.range", {
      from: edgeText(of, edges[place] ?? ""),
      to: edgeText(of, edges[place + 1] ?? ""),
    }),
    count,
  }));
}

/** Return where most rows lie, and how many rows there are. */
export function histogramWords(histogram: Histogram): string {
  const bins = binsOf(histogram);
  const rows = histogram.counts.reduce((sum, count) => sum + count, 0);
  if (histogram.of === "length" && bins.length === 1) {
    return t("dataset.oneLength", {
      rows: formatCount(rows),
      length: edgeText("value", histogram.edges[0] ?? ""),
    });
  }
  const most = bins.reduce<{ range: string; count: number }>(
    (best, bin) => (bin.count > best.count ? bin : best),
    {
      range: "",
      count: 0,
    },
  );
  return t(histogram.of === "length" ? "dataset.lengthWords" : "dataset.histogramWords", {
    rows: formatCount(rows),
    range: most.range,
    share: formatShare(rows ? most.count / rows : 0),
  });
}
