import { EyeOff } from "lucide-react";
import { t } from "@/i18n/texts";
import { Status } from "@/ui/badge";
import type { Preview } from "./queries";

type Seen = Preview["columns"][number];

/** How a column is seen: clear, masked and how, or hidden. */
export function Sight({ column }: { column: Pick<Seen, "clearance" | "mask" | "is_clear_in_some_rows"> }) {
  if (column.clearance === "clear") return <Status tone="ok">{t("access.sight.clear")}</Status>;
  if (column.clearance === "hidden") {
    return (
      <Status tone="plain" icon={EyeOff}>
        {t("access.sight.hidden")}
      </Status>
    );
  }
  const how = column.mask ? t(`access.mask.${column.mask}`) : t("access.sight.masked");
  return (
    <span className="inline-flex flex-wrap items-center gap-1">
      <Status tone="warn">{how}</Status>
      {column.is_clear_in_some_rows ? (
        <span className="text-xs text-ink-2">{t("access.sight.some")}</span>
      ) : null}
    </span>
  );
}

/** How a column is seen now, and what would become of it. */
export function change(column: Seen): "new" | "same" | "less" {
  const order = { hidden: 0, masked: 1, clear: 2 };
  const before = column.now === null ? -1 : order[column.now];
  const after = order[column.clearance];
  return after > before && after > 0 ? "new" : after < before ? "less" : "same";
}
