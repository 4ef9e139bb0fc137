import { oneOf } from "@/lib/address";

export const TABS = ["about", "use", "releases"] as const;

/** What the address of a product says. */
export const SEARCH = { tab: oneOf(TABS) };
