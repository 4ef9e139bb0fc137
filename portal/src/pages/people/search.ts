import { oneOf, textOf } from "@/lib/address";

export const TABS = ["users", "teams"] as const;
export const STATES = ["enabled", "disabled"] as const;
export const KINDS = ["user", "service", "agent"] as const;

/** What the address of the list of people says. */
export const SEARCH = {
  tab: oneOf(TABS),
  q: textOf,
  kind: oneOf(KINDS),
  state: oneOf(STATES),
  sort: textOf,
};
