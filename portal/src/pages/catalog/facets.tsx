import { SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import type { Shape } from "@/api/client";
import { hasText, t } from "@/i18n/texts";
import { listed, textsOf, useAddress } from "@/lib/address";
import { formatCount } from "@/lib/format";
import { FACETS, type FacetName, SEARCH } from "./search";

type Value = Shape<"FacetFacts">;
const FEW = 7;
/** What is best offered in an order of its own; other values come by how many products they have. */
const OWN_ORDER: Partial<Record<FacetName, readonly string[]>> = {
  trust: ["kept", "broken", "unchecked"],
  access: ["open", "agreed", "on_request", "closed"],
  released: ["day", "week", "month", "older", "never"],
};

/** The ways to narrow the catalog, each value with how many products would be left. */
export function Facets({ facets }: { facets: Record<string, Value[]> }) {
  const [said] = useAddress(SEARCH);
  const chosen = FACETS.filter((name) => said[name]).length;
  const fields = FACETS.map((name) => <FacetField key={name} name={name} values={facets[name] ?? []} />);
  return (
    <>
      <aside aria-label={t("catalog.narrow")} className="hidden space-y-4 lg:block">
        {fields}
      </aside>
      <details className="rounded-lg border border-line bg-panel lg:hidden">
        <summary className="flex h-9 items-center gap-2 px-3 text-sm">
          <SlidersHorizontal className="size-4" aria-hidden />
          {chosen ? t("catalog.narrowedBy", { count: chosen }) : t("catalog.narrow")}
        </summary>
        <div className="grid gap-4 border-t border-line p-3 sm:grid-cols-2">{fields}</div>
      </details>
    </>
  );
}

function FacetField({ name, values }: { name: FacetName; values: readonly Value[] }) {
  const [said, change] = useAddress(SEARCH);
  const [isAll, setAll] = useState(false);
  const chosen = textsOf(said[name]) ?? [];
  // With one value there is nothing to choose.
  if (values.length < 2 && !chosen.length) return null;
  const order = OWN_ORDER[name];
  const sorted = order ? [...values].sort((a, b) => order.indexOf(a.value) - order.indexOf(b.value)) : values;
  const shown = isAll ? sorted : sorted.filter((one, place) => place < FEW || one.is_chosen);
  const toggle = (value: string) => {
    const others = chosen.filter((one) => one !== value);
    change({ [name]: listed(chosen.includes(value) ? others : [...chosen, value]) });
  };
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-xs font-medium text-ink-3">{t(`catalog.facet.${name}`)}</legend>
      {shown.map(({ value, count }) => (
        <label key={value} className="flex min-h-7 items-center gap-2 text-sm">
          <input
            type="checkbox"
            className="size-4 shrink-0 accent-accent"
            checked={chosen.includes(value)}
            onChange={() => toggle(value)}
          />
          <span className="min-w-0 flex-1 truncate" title={valueWords(name, value)}>
            {valueWords(name, value)}
          </span>
          <span className="tnum text-xs text-ink-3">{formatCount(count)}</span>
        </label>
      ))}
      {sorted.length > shown.length ? (
        <button
          type="button"
          className="min-h-7 text-xs text-accent hover:underline"
          onClick={() => setAll(true)}
        >
          {t("catalog.allValues", { count: sorted.length })}
        </button>
      ) : null}
    </fieldset>
  );
}

/** Return a value of a facet in plain words, where it is one of ours. */
export function valueWords(name: FacetName, value: string): string {
  const key = `catalog.${name}.${value}`;
  return hasText(key) ? t(key) : value;
}
