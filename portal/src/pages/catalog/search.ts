import { oneOf, textOf } from "@/lib/address";

export const KINDS = ["product", "dataset", "column", "owner", "term"] as const;
export const ORDERS = ["fit", "name", "newest", "popular", "rated"] as const;

/** What products are narrowed by, in the order in which a page offers it. */
export const FACETS = [
  "domain",
  "trust",
  "access",
  "released",
  "owner",
  "tag",
  "personal",
  "status",
] as const;
export type FacetName = (typeof FACETS)[number];

/** What the address of the catalog says; a facet may have several values, see `textsOf`. */
export const SEARCH = {
  q: textOf,
  kind: oneOf(KINDS),
  sort: oneOf(ORDERS),
  domain: textOf,
  trust: textOf,
  access: textOf,
  released: textOf,
  owner: textOf,
  tag: textOf,
  personal: textOf,
  status: textOf,
};
