import { numberOf, oneOf, textOf } from "@/lib/address";
import type { Predicate } from "@/pages/access/predicate";

export const TABS = ["requests", "agreements"] as const;

/** What the address of one's own requests says. */
export const SEARCH = { tab: oneOf(TABS) };

/** What the address of a request that is not made yet says: everything but why. */
export const ASK = {
  dataset: textOf,
  columns: textOf,
  rows: predicateIn,
  purpose: textOf,
  for: textOf,
  days: numberOf,
  day: textOf,
};

function predicateIn(value: unknown): Predicate | undefined {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Predicate;
  return undefined;
}
