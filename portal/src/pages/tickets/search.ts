import { oneOf, textOf } from "@/lib/address";

export const STATES = ["open", "accepted", "answered", "mended", "declined", "withdrawn"] as const;

/** What the address of the list says. */
export const SEARCH = { state: oneOf(STATES), dataset: textOf, sort: textOf };

/** What the address of a new ticket says: what it is about. */
export const NEW_SEARCH = { dataset: textOf, column: textOf };
