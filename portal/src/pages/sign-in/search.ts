import { ownPathOf, textOf } from "@/lib/address";

/** What the address of the page for signing in says: where somebody wanted to go, and who they are. */
export const SEARCH = { to: ownPathOf, name: textOf };
