import { numberOf, oneOf, textOf } from "@/lib/address";

export const STATES = ["open", "fixed", "released", "discarded"] as const;
export const SEARCH = {
  state: oneOf(STATES),
  reason: textOf,
  file: textOf,
  run: textOf,
  after: numberOf,
  row: textOf,
};
