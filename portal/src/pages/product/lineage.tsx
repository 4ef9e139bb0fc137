import { useQueries } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { Edge, Node } from "@xyflow/react";
import { useMemo } from "react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { datasetLink, lineageLink } from "@/lib/links";
import { Graph } from "@/ui/graph/graph";
import { Panel } from "@/ui/panel";
import { Empty, Failed, Skeleton } from "@/ui/state";
import { neighboursQuery } from "./queries";

const NODE = { width: 220, height: 40 };

/** What a product is made from and what is made from it, one step each way; and the way to the whole of it. */
export default function Lineage({ datasets }: { datasets: readonly string[] }) {
  const navigate = useNavigate();
  const found = useQueries({
    queries: datasets.flatMap((name) => [neighboursQuery(name, "up"), neighboursQuery(name, "down")]),
    combine: (all) => ({
      data: all.flatMap((one) => one.data ?? []),
      isPending: all.some((one) => one.isPending),
      error: all.find((one) => one.error)?.error,
    }),
  });
  const pairs = useMemo(() => pairsOf(found.data), [found.data]);
  const { nodes, edges } = useMemo(() => drawn(pairs, datasets), [pairs, datasets]);
  if (found.isPending) return <Skeleton />;
  if (found.error) return <Failed error={found.error} />;
  if (!pairs.length) return <Empty title={t("product.noLineage")}>{t("product.noLineageDetail")}</Empty>;
  return (
    <div className="space-y-4">
      <Graph
        label={t("product.lineage")}
        nodes={nodes}
        edges={edges}
        height={Math.min(480, 160 + nodes.length * 40)}
        onNode={(node) => void navigate({ to: datasetLink(node.id) })}
      />
      <Panel title={t("product.asList")}>
        <ul className="space-y-3 text-sm">
          {datasets.map((name) => (
            <li key={name}>
              <Link to={lineageLink(name)} className="font-medium wrap-anywhere text-accent hover:underline">
                {t("product.wholeLineage", { dataset: name })}
              </Link>
              <Neighbours
                words={t("product.madeFrom")}
                names={pairs.filter(([, to]) => to === name).map(([from]) => from)}
              />
              <Neighbours
                words={t("product.usedBy")}
                names={pairs.filter(([from]) => from === name).map(([, to]) => to)}
              />
            </li>
          ))}
        </ul>
      </Panel>
    </div>
  );
}

function Neighbours({ words, names }: { words: string; names: readonly string[] }) {
  if (!names.length) return null;
  return (
    <p className="text-ink-2">
      {words}{" "}
      {names.map((name, place) => (
        <span key={name}>
          {place ? ", " : ""}
          <Link to={datasetLink(name)} className="wrap-anywhere text-accent hover:underline">
            {name}
          </Link>
        </span>
      ))}
    </p>
  );
}

/** Which dataset comes from which, each pair once. */
function pairsOf(found: readonly Shape<"LineageFacts">[]): [string, string][] {
  const pairs = found.flatMap(({ edges }) =>
    edges.map(({ origin, target }) => [origin.dataset, target.dataset]),
  );
  const known = new Map(pairs.filter(([from, to]) => from !== to).map((pair) => [pair.join(" "), pair]));
  return [...known.values()] as [string, string][];
}

function drawn(
  pairs: readonly [string, string][],
  datasets: readonly string[],
): { nodes: Node[]; edges: Edge[] } {
  const names = [...new Set([...datasets, ...pairs.flat()])];
  return {
    nodes: names.map((name) => ({
      id: name,
      position: { x: 0, y: 0 },
      ...NODE,
      sourcePosition: "right" as Node["sourcePosition"],
      targetPosition: "left" as Node["targetPosition"],
      data: { label: name },
      className: datasets.includes(name) ? "font-semibold" : undefined,
    })),
    edges: pairs.map(([from, to]) => ({ id: `${from} ${to}`, source: from, target: to })),
  };
}
