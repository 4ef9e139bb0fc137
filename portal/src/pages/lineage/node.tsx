import { useRouter } from "@tanstack/react-router";
import { Handle, type NodeProps, Position } from "@xyflow/react";
import { Box, CircleAlert, CircleHelp, Minus, Plus, Table2 } from "lucide-react";
import { createContext, type MouseEvent, useContext } from "react";
import { t } from "@/i18n/texts";
import { classes } from "@/lib/classes";
import { formatCount } from "@/lib/format";
import { lineageLink, productLink } from "@/lib/links";
import type { Opening, Shown, ShownNode } from "./drawn";
import type { Way } from "./queries";

/** What opens one level more of a dataset, or closes it again. */
export const OpeningContext = createContext<(name: string, way: Way) => void>(() => undefined);

const BAD = new Set(["broken", "failed", "missed"]);

/** A dataset or a product of the graph: its name is a link, which makes it what the page is about. */
export function ShownNodeView({ data }: NodeProps<ShownNode>) {
  const Icon = data.isProduct ? Box : Table2;
  const { columns } = data;
  return (
    <div
      className={classes(
        "h-full w-full rounded-md border bg-panel text-left",
        data.isFocus ? "border-2 border-accent" : "border-line-strong",
        data.isDimmed && "opacity-50",
      )}
    >
      {columns.length ? null : <Ends />}
      <div className="flex h-full max-h-15 items-center gap-2 px-3">
        <Icon className="size-4 shrink-0 text-ink-3" aria-hidden />
        <div className="min-w-0 flex-1">
          <Name data={data} />
          <span className="flex gap-2 text-2xs">
            {data.status && BAD.has(data.status.state) ? (
              <span className="flex items-center gap-0.5 text-bad">
                <CircleAlert className="size-3" aria-hidden />
                {t(`lineage.state.${data.status.state}` as "lineage.state.broken")}
              </span>
            ) : null}
            {data.isUntraced ? (
              <span className="flex items-center gap-0.5 text-warn">
                <CircleHelp className="size-3" aria-hidden />
                {t("lineage.untraced")}
              </span>
            ) : null}
          </span>
        </div>
      </div>
      {columns.map((column) => (
        <div
          key={column}
          className={classes(
            "relative flex h-5.5 items-center px-3 font-mono text-2xs",
            column === data.column ? "bg-accent-soft font-semibold text-ink" : "text-ink-2",
          )}
        >
          <Handle type="target" position={Position.Left} id={`to ${column}`} className="opacity-0" />
          <span className="truncate" title={column}>
            {column === "*" ? t("lineage.rows") : column}
          </span>
          <Handle type="source" position={Position.Right} id={`from ${column}`} className="opacity-0" />
        </div>
      ))}
      <OpenButton name={data.name} way="up" opening={data.up} />
      <OpenButton name={data.name} way="down" opening={data.down} />
    </div>
  );
}

/** The name as a link. The router's own links cost more than all else of a node, and there are hundreds. */
function Name({ data }: { data: Shown }) {
  const { navigate } = useRouter();
  const to = data.isProduct ? productLink(data.name) : lineageLink(data.name);
  const go = (event: MouseEvent) => {
    const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
    if (isElsewhere) return;
    event.preventDefault();
    void navigate({ to });
  };
  return (
    <a
      href={to}
      onClick={go}
      title={data.name}
      aria-current={data.isFocus ? "true" : undefined}
      className="nodrag line-clamp-2 text-xs font-medium wrap-anywhere text-ink hover:underline"
    >
      {data.name}
    </a>
  );
}

function Ends() {
  return (
    <>
      <Handle type="target" position={Position.Left} className="opacity-0" />
      <Handle type="source" position={Position.Right} className="opacity-0" />
    </>
  );
}

function OpenButton({ name, way, opening }: { name: string; way: Way; opening?: Opening }) {
  const open = useContext(OpeningContext);
  if (!opening || (!opening.hidden && !opening.isOpen)) return null;
  const isUp = way === "up";
  const label = opening.isOpen
    ? t(isUp ? "lineage.closeUp" : "lineage.closeDown", { name })
    : t(isUp ? "lineage.openUp" : "lineage.openDown", { count: opening.hidden, name });
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={() => open(name, way)}
      className={classes(
        "nodrag absolute top-1/2 flex h-6 min-w-6 -translate-y-1/2 items-center justify-center rounded-full border border-line-strong bg-panel px-1 text-2xs text-ink hover:bg-sunken",
        isUp ? "right-full -mr-2.5" : "left-full -ml-2.5",
      )}
    >
      {opening.isOpen ? <Minus className="size-3" aria-hidden /> : <Plus className="size-3" aria-hidden />}
      {opening.isOpen ? null : formatCount(opening.hidden)}
    </button>
  );
}

/** The frame around the datasets of a domain. */
export function GroupView({ data }: NodeProps<ShownNode>) {
  return (
    <div className="h-full w-full rounded-lg border border-line bg-sunken/60 px-3 py-1.5 text-xs text-ink-2">
      {data.name}
    </div>
  );
}

export const NODE_TYPES = { shown: ShownNodeView, group: GroupView };
