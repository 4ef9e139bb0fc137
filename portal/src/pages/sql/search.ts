import { oneOf, textOf } from "@/lib/address";

export const PANELS = ["data", "history", "saved"] as const;
export const VIEWS = ["rows", "chart", "masks"] as const;
export const MARKS = ["bar", "line", "point"] as const;
export type Mark = (typeof MARKS)[number];

/** What the address of the workbench says: a text, or a saved query, and how its answer is looked at. */
export const SEARCH = {
  sql: textOf,
  q: textOf,
  panel: oneOf(PANELS),
  view: oneOf(VIEWS),
  mark: oneOf(MARKS),
  x: textOf,
  y: textOf,
  by: textOf,
};
