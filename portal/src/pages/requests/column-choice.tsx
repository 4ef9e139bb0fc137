import { useId } from "react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";

type Column = Shape<"ColumnFacts">;

/** Whether a column is about persons, or kept from most. */
export function isSensitive({ tags, classification }: Pick<Column, "tags" | "classification">): boolean {
  return (
    tags.some((tag) => tag.startsWith("pii.") || tag === "secret") ||
    classification === "confidential" ||
    classification === "restricted"
  );
}

/** Which columns shall be clear, with what they mean and how they are seen now. */
export function ColumnChoice({
  columns,
  chosen,
  onChoose,
}: {
  columns: readonly Column[];
  chosen: readonly string[];
  onChoose: (names: string[]) => void;
}) {
  const id = useId();
  const all = columns.map((one) => one.name);
  const plain = columns.filter((one) => !isSensitive(one)).map((one) => one.name);
  const toggle = (name: string) =>
    onChoose(all.filter((one) => (one === name ? !chosen.includes(one) : chosen.includes(one))));
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
        <span role="status" className="flex-1 text-sm text-ink-2">
          {t("access.chosenOf", { count: chosen.length, all: all.length })}
        </span>
        <Button size="small" onClick={() => onChoose(all)}>
          {t("access.allColumns")}
        </Button>
        {plain.length && plain.length < all.length ? (
          <Button size="small" onClick={() => onChoose(plain)}>
            {t("access.plainColumns")}
          </Button>
        ) : null}
        <Button size="small" onClick={() => onChoose([])}>
          {t("access.noneColumns")}
        </Button>
      </div>
      <ul className="divide-y divide-line">
        {columns.map((one) => (
          <li key={one.name} className="relative flex gap-3 px-4 py-2 hover:bg-sunken">
            <input
              id={`${id}-${one.name}`}
              type="checkbox"
              className="relative z-10 mt-0.5 size-4 shrink-0 accent-accent"
              checked={chosen.includes(one.name)}
              onChange={() => toggle(one.name)}
              aria-describedby={`${id}-${one.name}-meaning`}
            />
            <div className="min-w-0 flex-1 text-sm">
              <label
                htmlFor={`${id}-${one.name}`}
                className="cursor-pointer font-mono text-xs font-medium after:absolute after:inset-0"
              >
                {one.name}
              </label>
              <p id={`${id}-${one.name}-meaning`} className="text-ink-2">
                {one.description}
              </p>
            </div>
            <div className="flex shrink-0 flex-col items-end gap-1">
              {one.classification ? (
                <Badge tone={isSensitive(one) ? "warn" : "plain"}>{one.classification}</Badge>
              ) : null}
              {one.tags.map((tag) => (
                <Badge key={tag} tone="info">
                  {tag}
                </Badge>
              ))}
              {one.clearance === "clear" ? (
                <span className="text-2xs text-ink-3">{t("access.seenAlready")}</span>
              ) : null}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
