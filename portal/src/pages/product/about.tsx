import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Shape } from "@/api/client";
import { datasetQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { split } from "@/lib/address";
import { formatBytes, formatCount } from "@/lib/format";
import { askLink, datasetLink } from "@/lib/links";
import { Badge, Status } from "@/ui/badge";
import { Facts, Panel } from "@/ui/panel";
import { Empty } from "@/ui/state";
import { type Column, Table } from "@/ui/table";

type Product = Shape<"ProductFacts">;
type Dataset = Shape<"ReleasedDataset">;
const REACHED_BY = /^(https?:|mailto:)/i;

/** What is in a product, what it is not for, and the people behind it. */
export function About({ product }: { product: Product }) {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[1fr_320px]">
      <div className="min-w-0 space-y-4">
        <Panel title={t("product.datasets")} isFlush>
          <Datasets datasets={product.datasets} />
        </Panel>
        {product.limitations || product.usage ? (
          <Panel title={t("product.goodToKnow")}>
            <Facts
              facts={[
                ...(product.usage ? [[t("product.usage"), product.usage] as const] : []),
                ...(product.limitations ? [[t("product.limitations"), product.limitations] as const] : []),
              ]}
            />
          </Panel>
        ) : null}
      </div>
      <People product={product} />
    </div>
  );
}

function Datasets({ datasets }: { datasets: readonly Dataset[] }) {
  const found = useQueries({
    queries: datasets.map(({ name }) => {
      const { domain, rest } = split(name);
      return datasetQuery(domain, rest);
    }),
  });
  if (!datasets.length) return <Empty title={t("product.noDatasets")} />;
  const known = new Map(found.flatMap(({ data }) => (data ? [[data.name, data] as const] : [])));
  return (
    <Table
      label={t("product.datasets")}
      rows={datasets}
      rowKey={(dataset) => dataset.name}
      columns={columnsOf(known)}
    />
  );
}

function columnsOf(known: Map<string, Shape<"DatasetFacts">>): Column<Dataset>[] {
  return [
    {
      id: "name",
      head: t("product.dataset"),
      value: (dataset) => dataset.name,
      cell: (dataset) => (
        <div className="min-w-0">
          <Link
            to={datasetLink(dataset.name)}
            className="font-medium wrap-anywhere text-accent hover:underline"
          >
            {dataset.name}
          </Link>
          <p className="text-xs text-ink-2">{known.get(dataset.name)?.description}</p>
        </div>
      ),
    },
    {
      id: "access",
      head: t("product.access"),
      cell: ({ name }) => {
        const facts = known.get(name);
        if (!facts) return null;
        if (facts.access.is_allowed) return <Status tone="ok">{t("product.mayRead")}</Status>;
        return (
          <Link to={askLink(name)} className="text-accent hover:underline">
            {t("product.ask")}
          </Link>
        );
      },
    },
    {
      id: "release",
      head: t("product.release"),
      isNumber: true,
      hiddenBelow: "md",
      cell: (dataset) => dataset.release ?? t("product.none"),
    },
    {
      id: "rows",
      head: t("product.rows"),
      isNumber: true,
      hiddenBelow: "sm",
      value: (dataset) => dataset.rows,
      cell: (dataset) => (dataset.rows === null ? "" : formatCount(dataset.rows)),
    },
    {
      id: "bytes",
      head: t("product.size"),
      isNumber: true,
      hiddenBelow: "md",
      value: (dataset) => dataset.bytes,
      cell: (dataset) => (dataset.bytes === null ? "" : formatBytes(dataset.bytes)),
    },
  ];
}

function People({ product }: { product: Product }) {
  return (
    <Panel title={t("product.people")}>
      <Facts
        facts={[
          [
            t("product.owner"),
            <Link
              key="owner"
              to="/catalog"
              search={{ owner: product.owner }}
              className="text-accent hover:underline"
            >
              {product.owner}
            </Link>,
          ],
          ...product.people.map(
            (one) => [one.role || t("product.member"), <Person key={one.username} person={one} />] as const,
          ),
          ...product.support.map(
            (one) => [one.tool || t("product.contact"), <Channel key={one.channel} channel={one} />] as const,
          ),
          ...(product.tags.length
            ? [
                [
                  t("product.tags"),
                  <span key="tags" className="flex flex-wrap gap-1">
                    {product.tags.map((tag) => (
                      <Badge key={tag}>{tag}</Badge>
                    ))}
                  </span>,
                ] as const,
              ]
            : []),
        ]}
      />
    </Panel>
  );
}

function Person({ person }: { person: Shape<"PersonFacts"> }) {
  const name = person.name || person.username;
  if (!person.username.includes("@")) return name;
  return (
    <a href={`mailto:${person.username}`} className="wrap-anywhere text-accent hover:underline">
      {name}
    </a>
  );
}

function Channel({ channel }: { channel: Shape<"SupportFacts"> }) {
  return (
    <>
      {REACHED_BY.test(channel.url) ? (
        <a
          href={channel.url}
          target="_blank"
          rel="noreferrer noopener"
          className="wrap-anywhere text-accent hover:underline"
        >
          {channel.channel}
        </a>
      ) : (
        channel.channel
      )}
      {channel.description ? <p className="text-xs text-ink-3">{channel.description}</p> : null}
    </>
  );
}
