import { numberOf, oneOf, textOf } from "@/lib/address";

export const TABS = ["contents", "changes", "checks"] as const;
export const SEARCH = { tab: oneOf(TABS), dataset: textOf, with: numberOf };
