// Where the nodes of a graph stand, worked out beside the page, so that it goes on answering.
import type { ElkNode } from "elkjs";

export interface GraphNode {
  id: string;
  width: number;
  height: number;
  /** The group in which it stands. */
  group?: string;
}
export interface GraphEdge {
  id: string;
  from: string;
  to: string;
}
export type Places = ReadonlyMap<string, { x: number; y: number; width: number; height: number }>;

/** What the worker answers: the graph with its places, or why there are none. */
export interface Laid {
  id: number;
  graph?: ElkNode;
  fault?: string;
}

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.layered.spacing.nodeNodeBetweenLayers": "56",
  "elk.spacing.nodeNode": "20",
  "elk.padding": "[top=36,left=16,bottom=16,right=16]",
  // Only the places of nodes are used: how edges bend is the graph's own.
  "elk.edgeRouting": "POLYLINE",
};
/** With more nodes there are no groups: frames across each other help nobody, and take ten times as long. */
const MOST_GROUPED = 80;
const QUICK = {
  ...OPTIONS,
  "elk.layered.layering.strategy": "LONGEST_PATH",
  "elk.layered.nodePlacement.strategy": "SIMPLE",
  "elk.layered.thoroughness": "1",
  "elk.layered.crossingMinimization.greedySwitch.type": "OFF",
};
/** What was laid out last: other facts about the same nodes move none of them. */
let kept: { of: string; places: Promise<Places> } | null = null;
let worker: Worker | null = null;
let last = 0;
const waiting = new Map<number, { resolve: (graph: ElkNode) => void; reject: (error: Error) => void }>();

/** Return the places of nodes and groups, from left to right along the edges; those in a group are relative to it; a large graph has no groups. */
export function layOut(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Promise<Places> {
  const of = JSON.stringify([nodes, edges]);
  if (kept?.of !== of) {
    const places = found(nodes, edges);
    kept = { of, places };
    // What failed is tried again.
    places.catch(() => {
      kept = null;
    });
  }
  return kept.places;
}

async function found(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Promise<Places> {
  const isLarge = nodes.length > MOST_GROUPED;
  const groups = isLarge ? [] : [...new Set(nodes.flatMap((node) => node.group ?? []))];
  const leaf = ({ id, width, height }: GraphNode): ElkNode => ({ id, width, height });
  const graph = await ask({
    id: "root",
    layoutOptions: isLarge ? QUICK : OPTIONS,
    children: [
      ...groups.map((group) => ({
        id: group,
        layoutOptions: OPTIONS,
        children: nodes.filter((node) => node.group === group).map(leaf),
      })),
      ...nodes.filter((node) => isLarge || !node.group).map(leaf),
    ],
    edges: edges.map(({ id, from, to }) => ({ id, sources: [from], targets: [to] })),
  });
  const places = new Map<string, { x: number; y: number; width: number; height: number }>();
  const note = (node: ElkNode) => {
    const { x = 0, y = 0, width = 0, height = 0 } = node;
    places.set(node.id, { x, y, width, height });
    node.children?.forEach(note);
  };
  graph.children?.forEach(note);
  return places;
}

/** Have what lays graphs out at hand: it takes as long to be loaded as the data that is drawn. */
export function prepare(): void {
  if (typeof Worker !== "undefined") begun();
}

function begun(): Worker {
  if (!worker) {
    worker = new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Laid>) => {
      const asked = waiting.get(data.id);
      if (data.graph) asked?.resolve(data.graph);
      else asked?.reject(new Error(data.fault));
      waiting.delete(data.id);
    };
    // A worker that could not be fetched says nothing more: whoever waits is told, and the next one begins anew.
    worker.onerror = ({ message }) => {
      for (const { reject } of waiting.values()) reject(new Error(message));
      waiting.clear();
      worker?.terminate();
      worker = null;
    };
  }
  return worker;
}

function ask(graph: ElkNode): Promise<ElkNode> {
  const id = ++last;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    begun().postMessage({ id, graph });
  });
}
