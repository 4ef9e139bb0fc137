import { oneOf, textOf } from "@/lib/address";

export const TABS = ["datasets", "levels", "incidents"] as const;
export const STATES = ["broken", "missed", "failed", "fine", "not_released"] as const;

/** What the address of the quality page says; `incidents` is whether past ones are listed too. */
export const SEARCH = {
  tab: oneOf(TABS),
  state: oneOf(STATES),
  domain: textOf,
  incidents: oneOf(["all"]),
  sort: textOf,
};
