import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import type { Shape } from "@/api/client";
import { productQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { split, useAddress, useInPath } from "@/lib/address";
import { DatasetQuality } from "@/pages/quality/dataset-quality";
import { Badge } from "@/ui/badge";
import { NotFound } from "@/ui/not-found";
import { PageHead } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Empty, Loaded, Skeleton } from "@/ui/state";
import { Tabs } from "@/ui/tabs";
import { About } from "./about";
import { Figures } from "./figures";
import { Ratings } from "./ratings";
import { Releases } from "./releases";
import { Changes, Roadmap } from "./roadmap";
import { SEARCH, TABS } from "./search";
import { Usage } from "./usage";
import { Use } from "./use";

const Lineage = lazy(() => import("./lineage"));
const Markdown = lazy(() => import("@/ui/markdown").then(({ Markdown }) => ({ default: Markdown })));

/** A product: what it is for, who answers for it, how well it keeps its promises, what is in it and how to use it. */
export function Page() {
  const domain = useInPath("domain");
  const product = useInPath("product");
  const found = useQuery(productQuery(domain, product));
  return (
    <Loaded query={found} missing={<NotFound />}>
      {(one) => <Shown key={one.name} product={one} />}
    </Loaded>
  );
}

function Shown({ product }: { product: Shape<"ProductFacts"> }) {
  const [{ tab = "about" }, change] = useAddress(SEARCH);
  const { domain, rest } = split(product.name);
  const named = { domain, product: rest };
  const datasets = product.datasets.map((dataset) => dataset.name);
  const contents = {
    about: () => <About product={product} />,
    quality: () => <Quality datasets={datasets} />,
    use: () => <Use datasets={datasets} />,
    releases: () => <Releases product={product.name} />,
    lineage: () => (
      <Suspense fallback={<Skeleton />}>
        <Lineage datasets={datasets} />
      </Suspense>
    ),
    usage: () => <Usage {...named} />,
    ratings: () => <Ratings {...named} />,
    roadmap: () => <Roadmap named={named} />,
    documentation: () => <Documentation text={product.documentation} />,
  };
  return (
    <>
      <PageHead
        title={product.title || product.name}
        above={
          <span className="flex flex-wrap items-center gap-2">
            <Link to="/catalog" search={{ domain }} className="hover:underline">
              {domain}
            </Link>
            <span className="font-mono">{product.name}</span>
            <span>{t("product.version", { version: product.version })}</span>
            <Badge tone={product.status === "active" ? "ok" : "info"}>{product.status}</Badge>
            <span>{t("product.ownedBy", { owner: product.owner })}</span>
          </span>
        }
      >
        {product.purpose}
      </PageHead>
      <Figures product={product} />
      <Changes named={named} />
      <Tabs
        label={product.title || product.name}
        chosen={tab}
        onChoose={(chosen) => change({ tab: TABS.find((one) => one === chosen) })}
        tabs={TABS.map((name) => ({ name, label: t(`product.tab.${name}`), content: contents[name] }))}
      />
    </>
  );
}

function Quality({ datasets }: { datasets: readonly string[] }) {
  if (!datasets.length) return <Empty title={t("product.noDatasets")} />;
  return (
    <div className="space-y-6">
      {datasets.map((name) => {
        const { domain, rest } = split(name);
        return (
          <section key={name} aria-label={name} className="space-y-2">
            {datasets.length > 1 ? <h2 className="font-mono text-sm font-medium">{name}</h2> : null}
            <DatasetQuality domain={domain} dataset={rest} />
          </section>
        );
      })}
    </div>
  );
}

function Documentation({ text }: { text: string | null }) {
  if (!text) return <Empty title={t("product.noDocumentation")}>{t("product.noDocumentationDetail")}</Empty>;
  return (
    <Panel>
      <Suspense fallback={<Skeleton />}>
        <Markdown text={text} />
      </Suspense>
    </Panel>
  );
}
