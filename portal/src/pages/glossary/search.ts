import { textOf } from "@/lib/address";

/** What the address of the glossary says: the chosen term, and what the list is narrowed to. */
export const SEARCH = { term: textOf, q: textOf };
