// The tours: for each kind of reader a few steps, each a real page with what there is to see on it.
import { datasetLink, lineageLink, productLink, sqlLink, termLink } from "@/lib/links";

export const TOURS = ["viewer", "analyst", "owner", "engineer", "steward", "auditor"] as const;
export type TourName = (typeof TOURS)[number];

/** What the steps of a tour lead to: things of this organisation that whoever looks may see. */
export interface Example {
  dataset: string;
  product: string;
  term: string | undefined;
}

export type StepName =
  | "ask"
  | "audit"
  | "catalog"
  | "change"
  | "contract"
  | "demand"
  | "glossary"
  | "governance"
  | "lineage"
  | "policies"
  | "product"
  | "quality"
  | "report"
  | "requests"
  | "runs"
  | "sql"
  | "tickets"
  | "use";

/** The steps of each tour, in their order; each takes half a minute. */
export const STEPS: Record<TourName, readonly StepName[]> = {
  viewer: ["catalog", "product", "contract", "glossary", "report"],
  analyst: ["catalog", "contract", "ask", "sql", "use", "lineage"],
  owner: ["product", "requests", "quality", "tickets", "demand"],
  engineer: ["runs", "quality", "lineage", "change", "use"],
  steward: ["governance", "requests", "glossary", "demand", "policies"],
  auditor: ["governance", "audit", "policies", "lineage", "runs"],
};

/** Return the address of a step's page. */
export function placeOf(step: StepName, example: Example): string {
  const { dataset, product, term } = example;
  switch (step) {
    case "catalog":
      return "/catalog";
    case "product":
      return productLink(product);
    case "use":
      return `${productLink(product)}?tab=use`;
    case "change":
      return `${productLink(product)}?tab=releases`;
    case "contract":
      return datasetLink(dataset);
    case "glossary":
      return term === undefined ? "/glossary" : termLink(term);
    case "ask":
    case "requests":
      return "/requests";
    case "sql":
      return sqlLink(`SELECT *\nFROM ${dataset}\nLIMIT 20`);
    case "lineage":
      return lineageLink(dataset);
    case "report":
    case "tickets":
      return "/tickets";
    case "demand":
      return "/demand";
    case "quality":
      return "/quality";
    case "runs":
      return "/runs";
    case "governance":
      return "/governance";
    case "audit":
      return "/governance?tab=audit";
    case "policies":
      return "/governance?tab=policies";
  }
}

/** Return the address of a step with the tour in it: going back and forth, and links to it, keep it. */
export function stepLink(tour: TourName, step: number, example: Example): string {
  const name = STEPS[tour][step - 1] ?? STEPS[tour][0] ?? "catalog";
  const place = placeOf(name, example);
  return `${place}${place.includes("?") ? "&" : "?"}tour=${tour}&step=${step}`;
}
