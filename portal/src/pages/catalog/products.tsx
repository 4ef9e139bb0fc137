import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { formatShort } from "@/lib/format";
import { productLink } from "@/lib/links";
import { Badge } from "@/ui/badge";
import { Empty, Loaded } from "@/ui/state";
import { type Column, Table } from "@/ui/table";
import { Time } from "@/ui/time";
import { Facet } from "./facet";
import { type Listed, useListed } from "./queries";
import { SEARCH } from "./search";
import { TrustStatus } from "./trust";

/** All products, narrowed by domain and owner. */
export function Products() {
  const [{ domain, owner, sort }, change] = useAddress(SEARCH);
  const { query, listed } = useListed();
  const columns = useMemo(() => productColumns(), []);
  const shown = listed.filter(
    (one) => (!domain || one.domain === domain) && (!owner || one.product.owner === owner),
  );
  return (
    <Loaded query={query}>
      {() =>
        listed.length === 0 ? (
          <Empty title={t("catalog.none")}>{t("catalog.noneDetail")}</Empty>
        ) : (
          <>
            <div className="mb-3 flex flex-wrap items-center gap-2">
              <Facet name="domain" label={t("catalog.domain")} values={listed.map((one) => one.domain)} />
              <Facet
                name="owner"
                label={t("catalog.owner")}
                values={listed.map((one) => one.product.owner)}
              />
              <span role="status" className="text-xs text-ink-3">
                {t("catalog.products", { count: shown.length })}
              </span>
            </div>
            <div className="overflow-hidden rounded-lg border border-line bg-panel">
              <Table
                label={t("catalog.title")}
                columns={columns}
                rows={shown}
                rowKey={(one) => one.product.name}
                sort={sort}
                onSort={(chosen) => change({ sort: chosen })}
              />
            </div>
          </>
        )
      }
    </Loaded>
  );
}

function productColumns(): Column<Listed>[] {
  return [
    {
      id: "name",
      head: t("catalog.product"),
      value: ({ product }) => product.title || product.name,
      cell: ({ product }) => (
        <div className="min-w-0">
          <Link to={productLink(product.name)} className="font-medium text-accent hover:underline">
            {product.title || product.name}
          </Link>{" "}
          <span className="font-mono text-xs text-ink-3">{product.name}</span>{" "}
          {product.status === "active" ? null : <Badge tone="info">{product.status}</Badge>}
          <p className="mt-0.5 flex flex-wrap gap-x-2 text-xs text-ink-2">
            {product.datasets.map((dataset) => (
              <span key={dataset.name}>{dataset.name}</span>
            ))}
          </p>
        </div>
      ),
    },
    {
      id: "domain",
      head: t("catalog.domain"),
      value: (one) => one.domain,
      cell: (one) => one.domain,
      hiddenBelow: "md",
    },
    {
      id: "owner",
      head: t("catalog.owner"),
      value: (one) => one.product.owner,
      cell: (one) => one.product.owner,
      hiddenBelow: "md",
    },
    {
      id: "trust",
      head: t("catalog.trust"),
      value: (one) => one.trust,
      cell: (one) => <TrustStatus trust={one.trust} />,
    },
    {
      id: "fresh",
      head: t("catalog.released"),
      value: (one) => (one.releasedAt ? Date.parse(one.releasedAt) : null),
      cell: (one) =>
        one.releasedAt ? (
          <Time at={one.releasedAt} />
        ) : (
          <span className="text-ink-3">{t("catalog.never")}</span>
        ),
      hiddenBelow: "sm",
    },
    {
      id: "rows",
      head: t("catalog.rows"),
      isNumber: true,
      value: (one) => rowsOf(one),
      cell: (one) => formatShort(rowsOf(one)),
      hiddenBelow: "lg",
    },
  ];
}

const rowsOf = (one: Listed) => one.product.datasets.reduce((sum, dataset) => sum + (dataset.rows ?? 0), 0);
