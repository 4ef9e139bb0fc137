import { type Edge, Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { Database, Download, type LucideIcon, PackageCheck, Table2, Workflow } from "lucide-react";
import { useMemo } from "react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { formatCount, formatDuration } from "@/lib/format";
import { RunState } from "@/pages/runs/run-state";
import { Button } from "@/ui/button";
import { Graph } from "@/ui/graph/graph";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/state";
import { type Column, Table } from "@/ui/table";
import { SEARCH } from "./search";

type Step = Shape<"GraphStep">;
type StepNode = Node<{ name: string; step?: Step }, "step">;

const KINDS: Record<string, LucideIcon> = { ingest: Download, sql: Database, publish: PackageCheck };
const NODE_TYPES = { step: StepCard };

/** The steps of a run from their sources to the release: as a graph, or the same as a table. */
export function Steps({ steps }: { steps: readonly Step[] }) {
  const [{ view = "graph" }, change] = useAddress(SEARCH);
  if (!steps.length) return <Empty icon={Workflow} title={t("run.noSteps")} />;
  const isGraph = view === "graph";
  return (
    <div className="space-y-2">
      <div className="flex justify-end">
        <Button size="small" kind="quiet" onClick={() => change({ view: isGraph ? "table" : "graph" })}>
          {isGraph ? <Table2 aria-hidden /> : <Workflow aria-hidden />}
          {isGraph ? t("run.asTable") : t("run.asGraph")}
        </Button>
      </div>
      {isGraph ? (
        <StepGraph steps={steps} />
      ) : (
        <Panel isFlush>
          <Table label={t("run.steps")} rows={steps} rowKey={(step) => step.name} columns={COLUMNS()} />
        </Panel>
      )}
    </div>
  );
}

function StepGraph({ steps }: { steps: readonly Step[] }) {
  const { nodes, edges } = useMemo(() => graphOf(steps), [steps]);
  const rows = Math.max(...[...nodes.reduce(countLevels(edges), new Map<number, number>()).values(), 1]);
  return (
    <Graph
      label={t("run.stepGraph")}
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      height={Math.min(560, 80 + 88 * rows)}
    />
  );
}

/** Count how many nodes stand below each other at each distance from the sources. */
function countLevels(edges: readonly Edge[]) {
  const sources = new Map<string, string[]>();
  for (const { source, target } of edges) sources.set(target, [...(sources.get(target) ?? []), source]);
  const known = new Map<string, number>();
  const level = (id: string): number => {
    const found = known.get(id);
    if (found !== undefined) return found;
    // Each once: ways that part and meet again would be as many as there are ways.
    known.set(id, 0);
    const before = (sources.get(id) ?? []).map(level);
    const at = before.length ? 1 + Math.max(...before) : 0;
    known.set(id, at);
    return at;
  };
  return (counts: Map<number, number>, node: Node) => {
    const at = level(node.id);
    return counts.set(at, (counts.get(at) ?? 0) + 1);
  };
}

/** Return the graph of a run: a node for each step, and one for each thing that no step made. */
function graphOf(steps: readonly Step[]): { nodes: StepNode[]; edges: Edge[] } {
  const names = new Set(steps.map((step) => step.name));
  const outside = new Set(steps.flatMap((step) => step.reads.filter((name) => !names.has(name))));
  const node = (name: string, step?: Step): StepNode => ({
    id: name,
    type: "step",
    position: { x: 0, y: 0 },
    width: 232,
    height: step ? 84 : 48,
    data: { name, step },
  });
  return {
    nodes: [...[...outside].map((name) => node(name)), ...steps.map((step) => node(step.name, step))],
    edges: steps.flatMap((step) =>
      step.reads
        .filter((name) => name !== step.name)
        .map((name) => ({
          id: `${name} ${step.name}`,
          source: name,
          target: step.name,
          animated: step.state === "running",
        })),
    ),
  };
}

function StepCard({ data: { name, step } }: NodeProps<StepNode>) {
  const Icon = step ? (KINDS[step.kind] ?? Database) : Database;
  return (
    <div className="flex h-full flex-col justify-center gap-1 rounded-md border border-line-strong bg-panel px-3 py-2 text-ink">
      <Handle type="target" position={Position.Left} className="invisible" isConnectable={false} />
      <span className="flex items-center gap-1.5 text-sm font-medium">
        <Icon className="size-4 shrink-0 text-ink-3" aria-hidden />
        <span className="truncate" title={name}>
          {step?.kind === "publish" ? t("run.publish") : name}
        </span>
      </span>
      {step ? (
        <>
          <span className="flex flex-wrap items-center gap-2 text-xs text-ink-2">
            <RunState state={step.state} />
            {tookOf(step)}
          </span>
          <span className="tnum truncate text-xs text-ink-2">{rowsOf(step)}</span>
        </>
      ) : null}
      <Handle type="source" position={Position.Right} className="invisible" isConnectable={false} />
    </div>
  );
}

function tookOf(step: Step): string {
  if (!step.began_at || !step.ended_at) return "";
  return formatDuration((new Date(step.ended_at).getTime() - new Date(step.began_at).getTime()) / 1000);
}

function rowsOf(step: Step): string {
  if (step.rows_out === null) return "";
  const rows = t("run.rowsOut", { count: step.rows_out });
  return step.quarantined ? `${rows}, ${t("run.rowsAside", { count: step.quarantined })}` : rows;
}

const COLUMNS = (): Column<Step>[] => [
  {
    id: "step",
    head: t("run.step"),
    cell: (step) => (
      <span className="flex flex-col">
        <span className="font-medium">{step.kind === "publish" ? t("run.publish") : step.name}</span>
        {step.dataset ? <span className="text-xs text-ink-3">{step.dataset}</span> : null}
      </span>
    ),
  },
  { id: "state", head: t("run.result"), cell: (step) => <RunState state={step.state} /> },
  {
    id: "reads",
    head: t("run.reads"),
    hiddenBelow: "md",
    cell: (step) => <span className="break-words">{step.reads.join(", ")}</span>,
  },
  { id: "took", head: t("run.took"), isNumber: true, hiddenBelow: "sm", cell: tookOf },
  {
    id: "in",
    head: t("run.rowsInHead"),
    isNumber: true,
    hiddenBelow: "sm",
    cell: (step) => (step.rows_in === null ? "" : formatCount(step.rows_in)),
  },
  {
    id: "out",
    head: t("run.rowsOutHead"),
    isNumber: true,
    cell: (step) => (step.rows_out === null ? "" : formatCount(step.rows_out)),
  },
  {
    id: "aside",
    head: t("run.aside"),
    isNumber: true,
    cell: (step) => (step.quarantined === null ? "" : formatCount(step.quarantined)),
  },
];
