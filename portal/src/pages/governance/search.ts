import { oneOf, textOf } from "@/lib/address";

export const TABS = [
  "policies",
  "why",
  "who",
  "saw",
  "simulate",
  "purposes",
  "agreements",
  "personal",
  "audit",
] as const;
export const STATES = ["in_force", "expired", "revoked"] as const;
export const OUTCOMES = ["finished", "interrupted", "failed", "cut"] as const;

/** What the address of governance says; each tab uses some of it. */
export const SEARCH = {
  tab: oneOf(TABS),
  who: textOf,
  dataset: textOf,
  column: textOf,
  purpose: textOf,
  at: textOf,
  about: textOf,
  state: oneOf(STATES),
  domain: textOf,
  tag: textOf,
  classification: textOf,
  what: textOf,
  outcome: oneOf(OUTCOMES),
  text: textOf,
  since: textOf,
  until: textOf,
};
