import { oneOf } from "@/lib/address";

export const TABS = [
  "about",
  "quality",
  "use",
  "releases",
  "lineage",
  "usage",
  "ratings",
  "roadmap",
  "documentation",
] as const;

/** What the address of a product says. */
export const SEARCH = { tab: oneOf(TABS) };
