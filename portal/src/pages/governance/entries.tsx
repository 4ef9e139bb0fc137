import type { Shape } from "@/api/client";
import { hasText, t } from "@/i18n/texts";
import { formatMoment } from "@/lib/format";
import { shortName } from "@/lib/principal";
import { Status, type Tone } from "@/ui/badge";
import { Code } from "@/ui/code";
import { type Column, Table } from "@/ui/table";

type Entry = Shape<"AuditEntryFacts">;
const TONES: Record<string, Tone> = { finished: "ok", failed: "bad", cut: "warn", interrupted: "warn" };

/** Entries of the audit, each with all that was recorded of it. */
export function Entries({ entries }: { entries: readonly Entry[] }) {
  return (
    <Table
      label={t("governance.entries")}
      rows={entries}
      rowKey={(one) => `${one.chain}.${one.number}`}
      columns={COLUMNS()}
    />
  );
}

const COLUMNS = (): Column<Entry>[] => [
  {
    id: "at",
    head: t("governance.when"),
    cell: (one) => <span className="tnum text-xs">{formatMoment(one.at)}</span>,
  },
  {
    id: "who",
    head: t("governance.who"),
    cell: (one) => (
      <span className="break-words">
        {shortName(one.principal)}
        {typeof one.detail.on_behalf_of === "string" ? (
          <span className="block text-xs text-ink-3">
            {t("governance.onBehalf", { who: shortName(one.detail.on_behalf_of) })}
          </span>
        ) : null}
      </span>
    ),
  },
  {
    id: "what",
    head: t("governance.what"),
    cell: (one) => (
      <div className="min-w-0">
        <p>{tagWords(one.tag)}</p>
        {one.objects.length ? (
          <p className="font-mono text-xs break-words text-ink-2">{one.objects.join(", ")}</p>
        ) : null}
        <details>
          <summary className="w-fit cursor-pointer text-xs text-accent">{t("governance.detail")}</summary>
          <div className="mt-1 max-w-[60ch]">
            <Code
              text={JSON.stringify(
                { entry: `${one.chain}.${one.number}`, ...one.detail, sha256: one.sha256 },
                null,
                2,
              )}
              label={t("governance.copyEntry", { entry: `${one.chain}.${one.number}` })}
            />
          </div>
        </details>
      </div>
    ),
  },
  { id: "purpose", head: t("governance.purpose"), cell: (one) => one.purpose, hiddenBelow: "md" },
  {
    id: "outcome",
    head: t("governance.outcome"),
    hiddenBelow: "sm",
    cell: (one) =>
      one.outcome ? (
        <span className="flex flex-wrap items-center gap-1">
          <Status tone={TONES[one.outcome] ?? "plain"}>
            {t(`governance.outcome.${one.outcome}` as "governance.outcome.finished")}
          </Status>
          {one.rows === null ? null : (
            <span className="tnum text-xs text-ink-2">{t("shell.rows", { count: one.rows })}</span>
          )}
        </span>
      ) : null,
  },
];

function tagWords(tag: string): string {
  const key = `governance.tag.${tag}`;
  return hasText(key) ? t(key) : tag;
}
