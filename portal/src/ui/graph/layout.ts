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

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.layered.spacing.nodeNodeBetweenLayers": "56",
  "elk.spacing.nodeNode": "20",
  "elk.padding": "[top=36,left=16,bottom=16,right=16]",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
};
let worker: Worker | null = null;
let last = 0;
const waiting = new Map<number, (graph: ElkNode) => void>();

/** Return the places of nodes and groups, from left to right along the edges; those in a group are relative to it. */
export async function layOut(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Promise<Places> {
  const groups = [...new Set(nodes.flatMap((node) => node.group ?? []))];
  const leaf = ({ id, width, height }: GraphNode): ElkNode => ({ id, width, height });
  const graph = await ask({
    id: "root",
    layoutOptions: OPTIONS,
    children: [
      ...groups.map((group) => ({
        id: group,
        layoutOptions: OPTIONS,
        children: nodes.filter((node) => node.group === group).map(leaf),
      })),
      ...nodes.filter((node) => !node.group).map(leaf),
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

function ask(graph: ElkNode): Promise<ElkNode> {
  if (!worker) {
    worker = new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<{ id: number; graph: ElkNode }>) => {
      waiting.get(data.id)?.(data.graph);
      waiting.delete(data.id);
    };
  }
  const id = ++last;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    worker?.postMessage({ id, graph });
  });
}
