import { numberOf, oneOf, textOf } from "@/lib/address";

export const TABS = ["waiting", "again"] as const;

/** What the address of what waits says: which request is looked at, and how far back use counts. */
export const SEARCH = { tab: oneOf(TABS), id: textOf, days: numberOf };
