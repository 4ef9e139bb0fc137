import "@xyflow/react/dist/style.css";
import {
  Background,
  Controls,
  type Edge,
  MiniMap,
  type Node,
  type NodeTypes,
  ReactFlow,
  type ReactFlowInstance,
  useEdgesState,
  useNodesState,
} from "@xyflow/react";
import { type FocusEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { t } from "@/i18n/texts";
import { ARROWS, absolute, nodeAt } from "@/ui/graph/keys";
import { layOut } from "@/ui/graph/layout";
import { Failed, Skeleton } from "@/ui/state";

const READABLE_FROM_ZOOM = 0.8;
const FIT = { maxZoom: 1, minZoom: READABLE_FROM_ZOOM };
const NODE = { width: 240, height: 64 };

/** A graph that is read, not drawn by hand: nodes stand where the layout puts them. Offer its table beside it. */
export function Graph<N extends Node>({
  label,
  nodes,
  edges,
  nodeTypes,
  onNode,
  focus,
  height = 560,
}: {
  label: string;
  /** Keep them stable; `parentId` is the group in which one stands. */
  nodes: readonly N[];
  edges: readonly Edge[];
  nodeTypes?: NodeTypes;
  onNode?: (node: N) => void;
  /** The node that is in the middle where the whole would be too small to read. */
  focus?: string;
  height?: number | string;
}) {
  // The small map stays empty without the state of the nodes.
  const [placed, setPlaced, onNodes] = useNodesState<N>([]);
  const [drawn, setDrawn, onEdges] = useEdgesState<Edge>([]);
  const [layouts, setLayouts] = useState(0);
  const [fault, setFault] = useState<unknown>(null);
  const place = useRef<HTMLElement>(null);
  const flow = useRef<ReactFlowInstance<N>>(null);
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
    ).then(
      (places) => {
        if (!isCurrent) return;
        setPlaced(
          nodes.flatMap((node) => {
            const place = places.get(node.id);
            if (!place) return [];
            return {
              ...node,
              parentId: node.parentId && places.has(node.parentId) ? node.parentId : undefined,
              position: { x: place.x, y: place.y },
              width: place.width,
              height: place.height,
              // Nothing has to be measured, and drawn anew after that.
              measured: { width: place.width, height: place.height },
            };
          }),
        );
        setDrawn([...edges]);
        setLayouts((before) => before + 1);
        setFault(null);
      },
      (error: unknown) => isCurrent && setFault(error),
    );
    return () => {
      isCurrent = false;
    };
  }, [nodes, edges, setPlaced, setDrawn]);
  const onKeyDown = (event: KeyboardEvent) => {
    const here = (event.target as HTMLElement).closest<HTMLElement>(".react-flow__node")?.dataset.id;
    const next = here && ARROWS.has(event.key) ? nodeAt(here, event.key, placed, drawn) : null;
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    const element = place.current?.querySelector<HTMLElement>(
      `.react-flow__node[data-id="${CSS.escape(next.id)}"]`,
    );
    (element?.querySelector<HTMLElement>("a, button") ?? element)?.focus({ preventScroll: true });
  };
  /** Bring the node with the focus into view: the browser would move the frame around the graph instead. */
  const onFocus = (event: FocusEvent) => {
    const id = (event.target as HTMLElement).closest<HTMLElement>(".react-flow__node")?.dataset.id;
    const node = placed.find((one) => one.id === id);
    for (const one of place.current?.querySelectorAll(".react-flow, .react-flow__pane") ?? [])
      one.scrollTo(0, 0);
    if (!node || !flow.current || !place.current) return;
    const around = place.current.getBoundingClientRect();
    const seen = (event.target as HTMLElement).getBoundingClientRect();
    const isSeen =
      seen.left >= around.left &&
      seen.right <= around.right &&
      seen.top >= around.top &&
      seen.bottom <= around.bottom;
    if (!isSeen) centre(flow.current, node, placed);
  };
  const show = (instance: ReactFlowInstance<N>) => {
    const box = place.current?.getBoundingClientRect();
    const middle = placed.find((node) => node.id === focus);
    const { width, height: tall } = sizeOf(placed);
    const isLarge = box && (width * READABLE_FROM_ZOOM > box.width || tall * READABLE_FROM_ZOOM > box.height);
    if (middle && isLarge) centre(instance, middle, placed);
    else void instance.fitView(FIT);
  };
  const onInit = (instance: ReactFlowInstance<N>) => {
    flow.current = instance;
    show(instance);
  };
  // What was opened stands somewhere else: it is brought into view.
  const shown = useRef(show);
  shown.current = show;
  useEffect(() => {
    if (layouts > 1 && flow.current) shown.current(flow.current);
  }, [layouts]);
  if (fault !== null) return <Failed error={fault} />;
  if (!layouts) return <Skeleton>{<div className="skeleton" style={{ height }} />}</Skeleton>;
  return (
    <section
      ref={place}
      aria-label={label}
      style={{ height }}
      onKeyDownCapture={onKeyDown}
      onFocus={onFocus}
      className="overflow-hidden rounded-lg border border-line"
    >
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
        onInit={onInit}
        fitView
        fitViewOptions={FIT}
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

function centre<N extends Node>(flow: ReactFlowInstance<N>, node: N, nodes: readonly N[]): void {
  const { x, y } = absolute(node, nodes);
  const zoom = Math.max(flow.getZoom(), READABLE_FROM_ZOOM);
  void flow.setCenter(x + (node.width ?? 0) / 2, y + (node.height ?? 0) / 2, { zoom });
}

/** How much room the whole takes: groups, and what is in none. */
function sizeOf(nodes: readonly Node[]): { width: number; height: number } {
  const outer = nodes.filter((node) => !node.parentId);
  return {
    width: Math.max(0, ...outer.map((node) => node.position.x + (node.width ?? 0))),
    height: Math.max(0, ...outer.map((node) => node.position.y + (node.height ?? 0))),
  };
}
