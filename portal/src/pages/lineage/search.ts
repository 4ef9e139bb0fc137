import { oneOf, textOf } from "@/lib/address";

export const VIEWS = ["product", "dataset", "column", "table", "impact"] as const;
export type View = (typeof VIEWS)[number];

/** What the address of a lineage says; `up` and `down` name the datasets that were opened, with commas. */
export const SEARCH = { column: textOf, up: textOf, down: textOf, view: oneOf(VIEWS) };

/** Read a list of names. */
export const listOf = (text: string | undefined): string[] => text?.split(",").filter(Boolean) ?? [];

/** Return a list as the address has it, with one name more, or without it if it was there. */
export function switched(list: readonly string[], name: string): string | undefined {
  const now = list.includes(name) ? list.filter((one) => one !== name) : [...list, name];
  return now.join(",") || undefined;
}
