// Arrow keys along the edges of a graph: left to what something comes from, right to what comes from it.
import type { Edge, Node } from "@xyflow/react";

export const ARROWS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]);

/** Return where a node stands in the whole, whatever group it is in. */
export function absolute(node: Node, nodes: readonly Node[]): { x: number; y: number } {
  const parent = nodes.find((one) => one.id === node.parentId);
  return {
    x: node.position.x + (parent?.position.x ?? 0),
    y: node.position.y + (parent?.position.y ?? 0),
  };
}

/** Return the node that an arrow key leads to from another one; null if there is none that way. */
export function nodeAt(
  from: string,
  key: string,
  nodes: readonly Node[],
  edges: readonly Edge[],
): Node | null {
  const here = nodes.find((node) => node.id === from);
  if (!here) return null;
  const { x, y } = absolute(here, nodes);
  const width = here.width ?? 0;
  const others = nodes.filter((node) => node.type !== "group" && node.id !== from);
  const along = others.filter((node) => {
    const place = absolute(node, nodes);
    if (key === "ArrowLeft") return edges.some((edge) => edge.target === from && edge.source === node.id);
    if (key === "ArrowRight") return edges.some((edge) => edge.source === from && edge.target === node.id);
    const isBeside = Math.abs(place.x - x) < width / 2;
    return isBeside && (key === "ArrowUp" ? place.y < y : place.y > y);
  });
  const far = (node: Node) => Math.abs(absolute(node, nodes).y - y);
  return along.sort((a, b) => far(a) - far(b))[0] ?? null;
}
