// The nodes and edges of a view of the lineage, as the graph takes them.
import { type Edge, type Node, Position } from "@xyflow/react";
import type { Shape } from "@/api/client";
import { split } from "@/lib/address";
import { type Arrow, type Facts, hiddenOf, type Link, linksOf, placeOf, productLinksOf } from "./graph-data";
import type { Way } from "./queries";

const WIDTH = 240;
const HEIGHT = 64;
/** Where edges begin and end at a node without columns. */
const ENDS: Node["handles"] = [
  { type: "target", position: Position.Left, x: 0, y: HEIGHT / 2, width: 1, height: 1 },
  { type: "source", position: Position.Right, x: WIDTH, y: HEIGHT / 2, width: 1, height: 1 },
];
const HEAD_PX = 44;
const COLUMN_PX = 22;

export interface Opening {
  hidden: number;
  isOpen: boolean;
}
export interface Shown extends Record<string, unknown> {
  name: string;
  /** Whether it is what the page is about. */
  isFocus: boolean;
  /** Whether it is not on the way of the chosen column. */
  isDimmed: boolean;
  isUntraced: boolean;
  isProduct: boolean;
  status?: Shape<"DatasetStatus">;
  columns: readonly string[];
  /** The column that was chosen, where it is one of these. */
  column?: string;
  up?: Opening;
  down?: Opening;
}
export type ShownNode = Node<Shown>;
export interface Drawing {
  nodes: ShownNode[];
  edges: Edge[];
}
export interface Given {
  focus: string;
  facts: Facts;
  path: Facts | null;
  status?: ReadonlyMap<string, Shape<"DatasetStatus">>;
  opened: Record<Way, readonly string[]>;
}

/** Datasets with what leads from one to the next; what is not on the chosen column's way is dimmed. */
export function datasetsDrawn({ focus, facts, path, status, opened }: Given): Drawing {
  const links = linksOf(facts.arrows);
  const hidden = hiddenOf(facts, links);
  const onPath = path ? new Set(linksOf(path.arrows).map(keyOf)) : null;
  const names = new Set(links.flatMap(({ from, to }) => [from, to]).concat(focus));
  const nodes = [...names].sort().map((name) =>
    nodeOf(name, {
      isFocus: name === focus,
      isDimmed: path !== null && !path.datasets.has(name),
      isUntraced: isUntraced(facts, name),
      status: status?.get(name),
      up: { hidden: hidden(name).above, isOpen: opened.up.includes(name) },
      down: { hidden: hidden(name).below, isOpen: opened.down.includes(name) },
    }),
  );
  const edges = links.map((link) =>
    edgeOf(link, {
      isDimmed: onPath !== null && !onPath.has(keyOf(link)),
      isOnPath: !!onPath?.has(keyOf(link)),
    }),
  );
  return grouped(nodes, edges);
}

/** Products with what leads from one to the next. */
export function productsDrawn({ focus, facts, path }: Given): Drawing {
  const own = facts.datasets.get(focus)?.product ?? focus;
  const links = productLinksOf(facts);
  const onPath = path ? new Set(productLinksOf(path).map(keyOf)) : null;
  const onWay = path ? new Set([...path.datasets.values()].map((one) => one.product ?? one.name)) : null;
  const names = new Set(links.flatMap(({ from, to }) => [from, to]).concat(own));
  const nodes = [...names]
    .sort()
    .map((name) =>
      nodeOf(name, { isFocus: name === own, isProduct: true, isDimmed: onWay !== null && !onWay.has(name) }),
    );
  const edges = links.map((link) =>
    edgeOf(link, {
      isDimmed: onPath !== null && !onPath.has(keyOf(link)),
      isOnPath: !!onPath?.has(keyOf(link)),
    }),
  );
  return grouped(nodes, edges);
}

/** Columns with what leads from one to the next: those of the chosen column's way, or all that are known. */
export function columnsDrawn({ focus, facts, path }: Given, column: string | undefined): Drawing {
  const { arrows, untraced } = path ?? facts;
  const columns = new Map<string, Set<string>>([[focus, new Set(column ? [column] : [])]]);
  const note = ({ dataset, column: name }: Arrow["origin"]) =>
    columns.set(dataset, (columns.get(dataset) ?? new Set()).add(name ?? "*"));
  const shown = arrows.filter((one) => one.origin.dataset !== one.target.dataset);
  for (const { origin, target } of shown) {
    note(origin);
    note(target);
  }
  const nodes = [...columns].sort().map(([name, found]) =>
    nodeOf(name, {
      isFocus: name === focus,
      isUntraced: [...untraced].some((place) => place.startsWith(`${name}.`)),
      columns: [...found].sort(),
      column: name === focus ? column : undefined,
    }),
  );
  const edges = shown.map((arrow) => ({
    id: `${placeOf(arrow.origin)} ${placeOf(arrow.target)} ${arrow.kind}`,
    source: arrow.origin.dataset,
    target: arrow.target.dataset,
    sourceHandle: `from ${arrow.origin.column ?? "*"}`,
    targetHandle: `to ${arrow.target.column ?? "*"}`,
    style: STYLE[arrow.kind] ?? STYLE.direct,
    focusable: false,
  }));
  return grouped(nodes, edges);
}

const STYLE: Record<string, { strokeWidth: number; stroke: string; strokeDasharray?: string }> = {
  direct: { strokeWidth: 1.5, stroke: "var(--accent)" },
  indirect: { strokeWidth: 1.5, stroke: "var(--ink-3)", strokeDasharray: "6 4" },
  rows: { strokeWidth: 1.5, stroke: "var(--ink-3)", strokeDasharray: "2 4" },
};
const keyOf = ({ from, to }: Link) => `${from} ${to}`;
const isUntraced = (facts: Facts, name: string) =>
  [...facts.untraced].some((place) => place.startsWith(`${name}.`));

function nodeOf(name: string, said: Partial<Shown>): ShownNode {
  const columns = said.columns ?? [];
  return {
    id: name,
    type: "shown",
    position: { x: 0, y: 0 },
    width: WIDTH,
    height: columns.length ? HEAD_PX + columns.length * COLUMN_PX + 8 : HEIGHT,
    parentId: `domain ${split(name).domain}`,
    handles: columns.length ? undefined : ENDS,
    // The link in it takes the focus.
    focusable: false,
    data: { isFocus: false, isDimmed: false, isUntraced: false, isProduct: false, ...said, name, columns },
  };
}

function edgeOf(link: Link, { isDimmed, isOnPath }: { isDimmed: boolean; isOnPath: boolean }): Edge {
  return {
    id: keyOf(link),
    source: link.from,
    target: link.to,
    focusable: false,
    style: {
      stroke: isOnPath ? "var(--accent)" : "var(--line-strong)",
      strokeWidth: isOnPath ? 2.5 : 1.25,
      opacity: isDimmed ? 0.3 : 1,
    },
  };
}

/** Put nodes into the groups of their domains. */
function grouped(nodes: ShownNode[], edges: Edge[]): Drawing {
  const groups = [...new Set(nodes.map((node) => node.parentId as string))].map(
    (id): ShownNode => ({
      id,
      type: "group",
      position: { x: 0, y: 0 },
      focusable: false,
      selectable: false,
      data: {
        name: id.replace(/^domain /, ""),
        isFocus: false,
        isDimmed: false,
        isUntraced: false,
        isProduct: false,
        columns: [],
      },
    }),
  );
  return { nodes: [...groups, ...nodes], edges };
}
