import "@xyflow/react/dist/style.css";
import {
  Background,
  Controls,
  type Edge,
  MiniMap,
  type Node,
  type NodeTypes,
  ReactFlow,
  useEdgesState,
  useNodesState,
} from "@xyflow/react";
import { useEffect, useState } from "react";
import { t } from "@/i18n/texts";
import { layOut } from "@/ui/graph/layout";
import { Skeleton } from "@/ui/state";

const READABLE_FROM_ZOOM = 0.8;
const NODE = { width: 240, height: 64 };

/** A graph that is read, not drawn by hand: nodes stand where the layout puts them. Offer its table beside it. */
export function Graph<N extends Node>({
  label,
  nodes,
  edges,
  nodeTypes,
  onNode,
  height = 560,
}: {
  label: string;
  /** Keep them stable; `parentId` is the group in which one stands. */
  nodes: readonly N[];
  edges: readonly Edge[];
  nodeTypes?: NodeTypes;
  onNode?: (node: N) => void;
  height?: number | string;
}) {
  // The small map stays empty without the state of the nodes.
  const [placed, setPlaced, onNodes] = useNodesState<N>([]);
  const [drawn, setDrawn, onEdges] = useEdgesState<Edge>([]);
  const [isReady, setReady] = useState(false);
  useEffect(() => {
    let isCurrent = true;
    const leaves = nodes.filter((node) => node.type !== "group");
    void layOut(
      leaves.map((node) => ({
        id: node.id,
        width: node.width ?? NODE.width,
        height: node.height ?? NODE.height,
        group: node.parentId,
      })),
      edges.map((edge) => ({ id: edge.id, from: edge.source, to: edge.target })),
    ).then((places) => {
      if (!isCurrent) return;
      setPlaced(
        nodes.map((node) => {
          const place = places.get(node.id) ?? { x: 0, y: 0, ...NODE };
          return { ...node, position: { x: place.x, y: place.y }, width: place.width, height: place.height };
        }),
      );
      setDrawn([...edges]);
      setReady(true);
    });
    return () => {
      isCurrent = false;
    };
  }, [nodes, edges, setPlaced, setDrawn]);
  if (!isReady) return <Skeleton>{<div className="skeleton" style={{ height }} />}</Skeleton>;
  return (
    <section aria-label={label} style={{ height }} className="overflow-hidden rounded-lg border border-line">
      <ReactFlow
        nodes={placed}
        edges={drawn}
        onNodesChange={onNodes}
        onEdgesChange={onEdges}
        nodeTypes={nodeTypes}
        onNodeClick={(_, node) => onNode?.(node)}
        nodesConnectable={false}
        nodesDraggable={false}
        colorMode={document.documentElement.classList.contains("dark") ? "dark" : "light"}
        fitView
        fitViewOptions={{ maxZoom: 1, minZoom: READABLE_FROM_ZOOM }}
        minZoom={0.2}
        maxZoom={1.5}
        ariaLabelConfig={{
          "controls.zoomIn.ariaLabel": t("shell.zoomIn"),
          "controls.zoomOut.ariaLabel": t("shell.zoomOut"),
          "controls.fitView.ariaLabel": t("shell.fitView"),
          "controls.ariaLabel": t("shell.graphControls"),
          "minimap.ariaLabel": t("shell.minimap"),
        }}
      >
        <Background />
        <Controls showInteractive={false} />
        {placed.length > 12 ? <MiniMap pannable zoomable /> : null}
      </ReactFlow>
    </section>
  );
}
