// Where the page of a thing is, by its name.
import type { Shape } from "@/api/client";
import { split } from "@/lib/address";

const part = encodeURIComponent;

/** Return the address of what a search found. */
export function linkOf(hit: Pick<Shape<"HitShape">, "kind" | "name" | "links">): string {
  switch (hit.kind) {
    case "product":
      return productLink(hit.name);
    case "dataset":
      return datasetLink(hit.name);
    case "column": {
      const place = hit.name.lastIndexOf(".");
      return `${datasetLink(hit.name.slice(0, place))}?column=${part(hit.name.slice(place + 1))}`;
    }
    case "owner":
      return `/catalog?owner=${part(hit.name)}`;
    case "term":
      return `/catalog?q=${part(hit.name)}`;
  }
}

export function productLink(name: string): string {
  const { domain, rest } = split(name);
  return `/products/${part(domain)}/${part(rest)}`;
}

export function datasetLink(name: string): string {
  const { domain, rest } = split(name);
  return `/datasets/${part(domain)}/${part(rest)}`;
}
