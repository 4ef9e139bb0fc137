import { useQuery } from "@tanstack/react-query";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { formatCount, formatShare } from "@/lib/format";
import { valueText } from "@/lib/values";
import { Histogram, Meter } from "@/ui/meter";
import { Empty, Loaded } from "@/ui/state";
import { ClearanceStatus } from "./columns";
import { histogramWords } from "./histogram-words";
import { type Named, profileQuery } from "./queries";
import { SEARCH } from "./search";

const FEW = 4;
type ColumnProfile = Shape<"ColumnProfileFacts">;

/** What each column looks like in the current release, as far as whoever looks sees its values. */
export function Profile({ named }: { named: Named }) {
  const profile = useQuery(profileQuery(named));
  return (
    <Loaded query={profile} missing={<Empty title={t("dataset.noProfile")} />}>
      {(found) =>
        found.is_recorded ? (
          <div className="space-y-3">
            <p className="text-sm text-ink-2">
              {t("dataset.profileOf", { release: found.release })}{" "}
              {found.rows === null ? "" : t("dataset.profileRows", { count: found.rows })}{" "}
              {found.coverage === "added" ? t("dataset.profileAdded") : ""}
            </p>
            <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
              {found.columns.map((column) => (
                <Card key={column.name} column={column} />
              ))}
            </ul>
          </div>
        ) : (
          <Empty title={t("dataset.noProfile")}>{found.fault ?? t("dataset.noProfileDetail")}</Empty>
        )
      }
    </Loaded>
  );
}

function Card({ column }: { column: ColumnProfile }) {
  const [, change] = useAddress(SEARCH);
  return (
    <li className="flex min-w-0 flex-col gap-2 rounded-lg border border-line bg-panel p-3 text-sm">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <button
            type="button"
            onClick={() => change({ column: column.name }, { push: true })}
            className="min-h-7 text-left font-mono text-xs font-medium wrap-anywhere text-accent hover:underline"
          >
            {column.name}
          </button>
          <p className="font-mono text-2xs text-ink-3">{column.type}</p>
        </div>
        <ClearanceStatus clearance={column.clearance} />
      </div>
      <Picture column={column} />
      {column.minimum !== null && column.maximum !== null && column.histogram?.of !== "length" ? (
        <p className="flex justify-between gap-2 text-2xs text-ink-3">
          <span className="truncate">{valueText(column.minimum, column.type)}</span>
          <span className="truncate">{valueText(column.maximum, column.type)}</span>
        </p>
      ) : null}
      <p className="mt-auto flex flex-wrap gap-x-3 text-xs text-ink-2">
        {column.null_share === null ? null : (
          <span>{t("dataset.emptyShare", { share: formatShare(column.null_share) })}</span>
        )}
        {column.approximate_distinct === null ? null : (
          <span>{t("dataset.distinct", { amount: formatCount(column.approximate_distinct) })}</span>
        )}
        {column.true_share === null ? null : (
          <span>{t("dataset.trueShare", { share: formatShare(column.true_share) })}</span>
        )}
      </p>
    </li>
  );
}

/** What says most about a column in little room: its usual values, how they are spread, or how long its texts are. */
function Picture({ column }: { column: ColumnProfile }) {
  const { histogram, top, type } = column;
  if (histogram?.of === "length" ? top.length : !histogram && top.length) {
    return <Top top={top.slice(0, FEW)} type={type} />;
  }
  if (histogram && histogram.counts.length > 1) {
    return <Histogram counts={histogram.counts} label={histogramWords(histogram)} />;
  }
  if (histogram) return <p className="text-xs text-ink-3">{histogramWords(histogram)}</p>;
  const words = column.clearance === "clear" ? t("dataset.nothingToDraw") : t("dataset.valuesMasked");
  return <p className="text-xs text-ink-3">{words}</p>;
}

/** The values that come most often. */
export function Top({ top, type }: { top: ColumnProfile["top"]; type: string }) {
  return (
    <ul className="space-y-1">
      {top.map(({ value, rows, share }) => (
        <li key={value} className="grid grid-cols-[minmax(0,1fr)_72px_auto] items-center gap-2 text-xs">
          <span className="truncate" title={value}>
            {valueText(value, type)}
          </span>
          {share === null ? (
            <span />
          ) : (
            <Meter share={share} label={t("dataset.shareOf", { value, share: formatShare(share) })} />
          )}
          <span className="tnum text-ink-3">{share === null ? formatCount(rows) : formatShare(share)}</span>
        </li>
      ))}
    </ul>
  );
}
