import { numberOf, oneOf, textOf } from "@/lib/address";

export const TABS = ["columns", "quality", "profile", "releases", "tags"] as const;

/** What the address of a dataset says; `from` and `to` are the releases that are compared. */
export const SEARCH = {
  tab: oneOf(TABS),
  column: textOf,
  from: numberOf,
  to: numberOf,
  rows: oneOf(["yes"]),
  sort: textOf,
};
