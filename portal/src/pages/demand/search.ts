import { oneOf, textOf } from "@/lib/address";

export const TABS = ["wishes", "searches"] as const;
export const STATES = ["open", "planned", "shipped", "declined", "merged"] as const;

/** What the address of demand says: the tab, what wishes are narrowed to, and the one that is open. */
export const SEARCH = { tab: oneOf(TABS), state: oneOf(STATES), domain: textOf, wish: textOf };

/** What the address of a new wish says: what somebody looked for. */
export const NEW_SEARCH = { text: textOf };
