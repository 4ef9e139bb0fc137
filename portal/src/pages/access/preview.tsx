import { ArrowRight, CircleSlash } from "lucide-react";
import { t } from "@/i18n/texts";
import { Badge, Status } from "@/ui/badge";
import { deciders } from "./names";
import type { Preview } from "./queries";
import { change, Sight } from "./sight";

/** Exactly what somebody would get: each column as it is seen now and then, and made-up rows as they would look. */
export function PreviewOf({ preview }: { preview: Preview }) {
  if (!preview.is_allowed) {
    return (
      <div className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">
        <p className="font-medium">{t("access.wouldNotRead")}</p>
        <ul className="mt-1 list-disc pl-5">
          {preview.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      </div>
    );
  }
  const added = preview.columns.filter((one) => change(one) === "new" && one.clearance === "clear");
  const stays = preview.columns.filter((one) => one.clearance !== "clear");
  return (
    <div className="space-y-3">
      <p className="text-sm text-ink-2">
        {t("access.wouldAdd", { count: added.length })} {t("access.wouldStay", { count: stays.length })}
      </p>
      <div className="overflow-x-auto">
        <table aria-label={t("access.differences")} className="w-full text-sm">
          <thead>
            <tr className="border-b border-line text-left text-xs text-ink-3">
              <th scope="col" className="h-7 pr-3 font-medium">
                {t("access.column")}
              </th>
              <th scope="col" className="h-7 pr-3 font-medium">
                {t("access.now")}
              </th>
              <th scope="col" className="h-7 font-medium">
                {t("access.then")}
              </th>
            </tr>
          </thead>
          <tbody>
            {preview.columns.map((one) => (
              <tr key={one.name} className="border-b border-line last:border-b-0">
                <td className="py-1 pr-3 font-mono text-xs wrap-anywhere">{one.name}</td>
                <td className="py-1 pr-3 text-xs text-ink-2">
                  {one.now === null ? (
                    <span className="inline-flex items-center gap-1">
                      <CircleSlash className="size-3" aria-hidden />
                      {t("access.sight.none")}
                    </span>
                  ) : (
                    t(`access.sight.${one.now}`)
                  )}
                </td>
                <td className="py-1">
                  <span className="flex flex-wrap items-center gap-1">
                    <Sight column={one} />
                    {added.includes(one) ? <Badge tone="info">{t("access.new")}</Badge> : null}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Sample preview={preview} />
    </div>
  );
}

/** Rows that were never stored, with every mask at work. */
function Sample({ preview }: { preview: Preview }) {
  const names = Object.keys(preview.sample[0] ?? {});
  if (names.length === 0) return null;
  return (
    <figure className="space-y-1">
      <figcaption className="text-xs text-ink-3">{t("access.sample")}</figcaption>
      <section
        aria-label={t("access.sample")}
        tabIndex={0}
        className="overflow-x-auto rounded-md border border-line"
      >
        <table className="text-xs">
          <thead>
            <tr className="border-b border-line bg-sunken text-left">
              {names.map((name) => (
                <th key={name} scope="col" className="h-7 px-2 font-mono font-medium whitespace-nowrap">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.sample.map((row, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: made-up rows have no name
              <tr key={place} className="border-b border-line last:border-b-0">
                {names.map((name) => (
                  <td key={name} className="tnum max-w-40 truncate px-2 py-1 whitespace-nowrap">
                    <Value value={row[name]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </figure>
  );
}

function Value({ value }: { value: unknown }) {
  if (value === null || value === undefined) {
    return <span className="text-ink-3 italic">{t("shell.null")}</span>;
  }
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return <span title={text}>{text}</span>;
}

/** Who decides, one after the other, or which policy does at once. */
export function WhoDecides({ preview }: { preview: Preview }) {
  if (preview.approving_policy) {
    return (
      <div className="space-y-1 text-sm">
        <Status tone="ok">{t("access.atOnce")}</Status>
        <p className="text-ink-2">{t("access.atOnceDetail", { policy: preview.approving_policy })}</p>
      </div>
    );
  }
  return (
    <ol className="space-y-1 text-sm">
      {preview.levels.map((ids, place) => (
        <li key={ids.join()} className="flex items-start gap-1.5">
          <ArrowRight className="mt-1 size-3.5 shrink-0 text-ink-3" aria-hidden />
          <span>
            {preview.levels.length > 1
              ? t("access.levelBy", { level: String(place + 1), names: deciders(ids) })
              : deciders(ids)}
          </span>
        </li>
      ))}
    </ol>
  );
}
