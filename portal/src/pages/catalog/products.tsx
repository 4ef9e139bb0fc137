import { Link } from "@tanstack/react-router";
import { Star } from "lucide-react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { formatCount, formatNumber } from "@/lib/format";
import { askLink, datasetLink, productLink } from "@/lib/links";
import { Badge, Status, type Tone } from "@/ui/badge";
import { Time } from "@/ui/time";

type Product = Shape<"CatalogProduct">;
const TRUST: Record<Shape<"Trust">, Tone> = { broken: "bad", kept: "ok", unchecked: "plain" };

/** Products, each with what one needs to know before one opens it. */
export function Products({ products }: { products: readonly Product[] }) {
  return (
    <ul
      aria-label={t("catalog.title")}
      className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-panel"
    >
      {products.map((product) => (
        <ProductRow key={product.name} product={product} />
      ))}
    </ul>
  );
}

function ProductRow({ product }: { product: Product }) {
  const asked = product.datasets[0];
  return (
    <li className="grid gap-x-4 gap-y-1 px-4 py-3 text-sm hover:bg-sunken md:grid-cols-[1fr_176px]">
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <Link
            to={productLink(product.name)}
            className="font-medium wrap-anywhere text-accent hover:underline"
          >
            {product.title || product.name}
          </Link>
          <span className="font-mono text-xs wrap-anywhere text-ink-3">{product.name}</span>
          {product.status === "active" ? null : <Badge tone="info">{product.status}</Badge>}
          {product.is_personal ? <Badge tone="warn">{t("catalog.personal")}</Badge> : null}
        </p>
        {product.purpose ? <p className="line-clamp-2 max-w-[80ch] text-ink-2">{product.purpose}</p> : null}
        <p className="flex flex-wrap gap-x-3 text-xs text-ink-2">
          {product.datasets.map((dataset) => (
            <Link
              key={dataset.name}
              to={datasetLink(dataset.name)}
              className="inline-flex min-h-7 items-center wrap-anywhere hover:underline"
            >
              {dataset.name}
            </Link>
          ))}
        </p>
        <p className="flex flex-wrap gap-x-3 text-xs text-ink-3">
          <span>{product.owner.team}</span>
          <span>{t("catalog.consumers", { count: product.consumers })}</span>
          {product.rating ? (
            <span className="inline-flex items-center gap-1">
              <Star className="size-3" aria-hidden />
              {t("catalog.stars", {
                stars: formatNumber(product.rating.stars),
                people: formatCount(product.rating.count),
              })}
            </span>
          ) : null}
        </p>
      </div>
      <div className="flex flex-wrap content-start items-center gap-1.5 text-xs text-ink-2 md:flex-col md:items-start">
        <Status tone={TRUST[product.trust]}>{t(`catalog.trust.${product.trust}`)}</Status>
        <Access product={product} />
        {product.released_at ? (
          <span>
            {t("catalog.releasedAt")} <Time at={product.released_at} />
          </span>
        ) : (
          <span>{t("catalog.released.never")}</span>
        )}
        {product.access === "on_request" && asked ? (
          <Link to={askLink(asked.name)} className="min-h-7 text-accent hover:underline">
            {t("catalog.askFor")}
          </Link>
        ) : null}
      </div>
    </li>
  );
}

function Access({ product }: { product: Product }) {
  if (product.is_mine) return <Status tone="ok">{t("catalog.mine")}</Status>;
  const mayRead = product.access === "open" || product.access === "agreed";
  return <Status tone={mayRead ? "ok" : "plain"}>{t(`catalog.access.${product.access}`)}</Status>;
}
