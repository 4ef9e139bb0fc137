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
      return termLink(hit.name);
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

/** Where one asks for access to a dataset, with columns already chosen. */
export function askLink(dataset: string, columns: readonly string[] = []): string {
  const chosen = columns.length ? `&columns=${part(columns.join(","))}` : "";
  return `/requests/new?dataset=${part(dataset)}${chosen}`;
}

export function requestLink(id: string): string {
  return `/requests/${part(id)}`;
}

export function agreementLink(id: string): string {
  return `/agreements/${part(id)}`;
}

export function userLink(name: string): string {
  return `/users/${part(name)}`;
}

export function teamLink(name: string): string {
  return `/teams/${part(name)}`;
}

/** What a dataset, or one of its columns, comes from and goes to. */
export function lineageLink(dataset: string, column?: string): string {
  const { domain, rest } = split(dataset);
  return `/lineage/${part(domain)}/${part(rest)}${column ? `?column=${part(column)}` : ""}`;
}

/** The workbench, with a query in a tab of its own. */
export function sqlLink(sql: string): string {
  return `/sql?sql=${part(sql)}`;
}

export function runLink(run: string): string {
  return `/runs/${part(run)}`;
}

export function releaseLink(product: string, number: number): string {
  const { domain, rest } = split(product);
  return `/releases/${part(domain)}/${part(rest)}/${number}`;
}

/** The rows of a dataset that were set aside. */
export function quarantineLink(dataset: string): string {
  const { domain, rest } = split(dataset);
  return `/quarantine/${part(domain)}/${part(rest)}`;
}

export function incidentLink(incident: string): string {
  return `/incidents/${part(incident)}`;
}

export function termLink(term: string): string {
  return `/glossary?term=${part(term)}`;
}

export function ticketLink(ticket: string): string {
  return `/tickets/${part(ticket)}`;
}

/** Where one says that a value is wrong. */
export function reportLink(dataset: string, column?: string): string {
  return `/tickets/new?dataset=${part(dataset)}${column ? `&column=${part(column)}` : ""}`;
}

/** Where one asks for data that nobody offers, with what was looked for. */
export function wishLink(text: string): string {
  return `/demand/new?text=${part(text)}`;
}

/** Where a wish stands among the others. */
export function demandLink(wish: string): string {
  return `/demand?wish=${part(wish)}`;
}

/** Why somebody sees a dataset as they do. */
export function whyLink(principal: string, dataset: string): string {
  return `/governance?tab=why&who=${part(principal)}&dataset=${part(dataset)}`;
}
