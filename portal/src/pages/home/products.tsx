import { Link } from "@tanstack/react-router";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { formatCount } from "@/lib/format";
import { productLink } from "@/lib/links";
import { Status, type Tone } from "@/ui/badge";
import { Panel } from "@/ui/panel";
import { type Column, Table } from "@/ui/table";
import { Time } from "@/ui/time";

type Product = Shape<"CatalogProduct">;

/** Products with what one asks of them first: can they be trusted, and how fresh are they. */
export function Products({
  title,
  products,
  total,
}: {
  title: string;
  products: readonly Product[];
  total: number;
}) {
  return (
    <Panel
      title={title}
      isFlush
      actions={
        total > products.length ? (
          <Link to="/catalog" className="text-xs text-accent hover:underline">
            {t("home.more", { count: total - products.length })}
          </Link>
        ) : null
      }
    >
      <Table label={title} rows={products} rowKey={(one) => one.name} columns={COLUMNS()} />
    </Panel>
  );
}

const COLUMNS = (): Column<Product>[] => [
  {
    id: "name",
    head: t("home.product"),
    value: (one) => one.title || one.name,
    cell: (one) => (
      <div className="min-w-0">
        <Link to={productLink(one.name)} className="font-medium break-words text-accent hover:underline">
          {one.title || one.name}
        </Link>
        <p className="text-xs text-ink-3">
          <span className="font-mono">{one.name}</span> · {t("home.datasets", { count: one.datasets.length })}
        </p>
      </div>
    ),
  },
  {
    id: "trust",
    head: t("home.trust"),
    value: (one) => trust(one).rank,
    cell: (one) => {
      const { tone, words } = trust(one);
      return <Status tone={tone}>{words}</Status>;
    },
  },
  {
    id: "fresh",
    head: t("home.fresh"),
    value: (one) => (one.released_at ? Date.parse(one.released_at) : null),
    cell: (one) =>
      one.released_at ? <Time at={one.released_at} /> : <span className="text-ink-3">{t("home.never")}</span>,
    hiddenBelow: "sm",
  },
  {
    id: "consumers",
    head: t("home.consumers"),
    isNumber: true,
    value: (one) => one.consumers,
    cell: (one) => formatCount(one.consumers),
    hiddenBelow: "md",
  },
];

/** What the last check says, the worst first. */
function trust({ quality, run_state }: Product): { rank: number; tone: Tone; words: string } {
  if (quality?.is_broken) return { rank: 0, tone: "bad", words: t("home.trust.broken") };
  if (run_state === "failed") return { rank: 1, tone: "warn", words: t("home.trust.failed") };
  if (!quality) return { rank: 2, tone: "plain", words: t("home.trust.unknown") };
  const isWhole = quality.passed === quality.rules;
  return {
    rank: isWhole ? 4 : 3,
    tone: isWhole ? "ok" : "warn",
    words: t("home.trust.kept", { passed: quality.passed, rules: quality.rules }),
  };
}
