import { textOf } from "@/lib/address";

/** What the address of a dataset says. */
export const SEARCH = { column: textOf };
