import { oneOf } from "@/lib/address";

export const SHOWN = ["told", "access", "data"] as const;

/** What the address of notifications says: what was told to oneself unless something else is shown. */
export const SEARCH = { show: oneOf(SHOWN) };
