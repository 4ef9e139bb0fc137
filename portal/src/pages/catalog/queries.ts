import { useQuery } from "@tanstack/react-query";
import type { Shape } from "@/api/client";
import { productsQuery, qualityQuery, releasesQuery } from "@/api/queries";

export type Trust = "kept" | "broken" | "unknown";

export interface Listed {
  product: Shape<"ProductEntry">;
  domain: string;
  /** When its current release was made; null before the first one. */
  releasedAt: string | null;
  release: number | null;
  /** What the last check of its datasets said of their contract. */
  trust: Trust;
}

/** All products, each with how fresh it is and whether it kept its contract when it was checked last. */
export function useListed() {
  const products = useQuery(productsQuery);
  const releases = useQuery(releasesQuery());
  const quality = useQuery(qualityQuery);
  const current = new Map(releases.data?.filter((one) => one.is_current).map((one) => [one.product, one]));
  const reports = new Map(quality.data?.map((one) => [one.dataset, one]));
  const listed = products.data?.map((product): Listed => {
    const release = current.get(product.name);
    const checked = product.datasets.flatMap((dataset) => reports.get(dataset.name) ?? []);
    return {
      product,
      domain: product.name.split("/")[0] ?? "",
      releasedAt: release?.created_at ?? null,
      release: release?.number ?? null,
      trust: checked.some((one) => one.is_broken) ? "broken" : checked.length ? "kept" : "unknown",
    };
  });
  return { query: products, listed: listed ?? [] };
}
