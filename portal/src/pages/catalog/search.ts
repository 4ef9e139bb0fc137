import { oneOf, textOf } from "@/lib/address";

export const KINDS = ["product", "dataset", "column", "owner", "term"] as const;

/** What the address of the catalog says. */
export const SEARCH = { q: textOf, kind: oneOf(KINDS), domain: textOf, owner: textOf, sort: textOf };
