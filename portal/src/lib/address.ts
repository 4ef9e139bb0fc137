// What an address holds: filters and tabs live there, so that every state of a page can be sent to somebody.
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";

type Readers = Record<string, (value: unknown) => unknown>;
/** What a page's part of the query holds; what is not said is not there, which keeps addresses short. */
export type Said<Parts extends Readers> = { [Name in keyof Parts]?: NonNullable<ReturnType<Parts[Name]>> };

/** Read a text. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Read one of a closed list. */
export function oneOf<T extends string>(known: readonly T[]): (value: unknown) => T | undefined {
  return (value) => known.find((one) => one === value);
}

/** Read several texts, which stand in the address with commas between them: `listed` writes them. */
export function textsOf(value: unknown): string[] | undefined {
  const text = textOf(value);
  return text?.split(",").map((one) => {
    try {
      return decodeURIComponent(one);
    } catch {
      // Somebody typed a per cent sign.
      return one;
    }
  });
}

/** Return several texts as an address has them; nothing where there are none. */
export function listed(texts: readonly string[]): string | undefined {
  return texts.map((one) => one.replace(/[%,]/g, encodeURIComponent)).join(",") || undefined;
}

/** Read a number. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === "number" ? value : typeof value === "string" ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** Read a path of this portal: nobody can send people elsewhere through it. */
export function ownPathOf(path: unknown): string | undefined {
  return typeof path === "string" && /^\/(?![/\\])/.test(path) && !/[\r\n\t]/.test(path) ? path : undefined;
}

/** Return a route's `validateSearch`: `searchOf({ q: textOf })`. */
export function searchOf<Parts extends Readers>(parts: Parts) {
  return (raw: Record<string, unknown>): Said<Parts> => {
    const read = Object.entries(parts).map(([name, reader]) => [name, reader(raw[name])]);
    return Object.fromEntries(read.filter(([, value]) => value !== undefined)) as Said<Parts>;
  };
}

/** What the frame around all pages says in the address: the tour that one is on. A page's own changes keep it. */
export const FRAME = { tour: textOf, step: numberOf };

/** Return a page's part of the query, and what changes it; the address changes, and nothing else is kept. */
export function useAddress<Parts extends Readers>(parts: Parts) {
  const raw = useSearch({ strict: false });
  const navigate = useNavigate();
  const said = useMemo(() => searchOf(parts)(raw), [parts, raw]);
  const change = useCallback(
    (changes: { [Name in keyof Parts]?: Said<Parts>[Name] | undefined }, options?: { push?: boolean }) =>
      void navigate({
        to: ".",
        search: ((before: Record<string, unknown>) => ({
          ...searchOf(FRAME)(before),
          ...searchOf(parts)({ ...before, ...changes }),
        })) as never,
        replace: !options?.push,
        resetScroll: false,
      }),
    [navigate, parts],
  );
  return [said, change] as const;
}

/** Return a part of the path: `useInPath("domain")` of `/products/$domain/$product`. */
export function useInPath(name: string): string {
  const params: Record<string, string | undefined> = useParams({ strict: false });
  return params[name] ?? "";
}

/** Split `sales/orders` or `sales.orders`. */
export function split(name: string): { domain: string; rest: string } {
  const place = name.search(/[/.]/);
  return { domain: name.slice(0, place), rest: name.slice(place + 1) };
}
