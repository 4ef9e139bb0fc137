import { oneOf, textOf } from "@/lib/address";

export const STATES = ["running", "published", "unchanged", "refused", "failed"] as const;
export const SEARCH = { product: textOf, state: oneOf(STATES) };
