import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { t } from "@/i18n/texts";
import { type Cell, cellText, isNumber } from "@/lib/cells";
import { classes } from "@/lib/classes";
import { copyText } from "@/lib/copy";

const ROW_PX = 28;
/** Browsers draw nothing beyond some height: of more rows than fit, the place of the scroll bar is a share of them. */
const TALLEST_PX = 8_000_000;
const NARROWEST_PX = 72;
const WIDEST_PX = 320;
const CHARACTER_PX = 7.6;

export interface GridColumn {
  name: string;
  /** Arrow's name of the type. */
  type: string;
}

/** Rows without end: only those that are seen are drawn, and only they have to be there. */
export function Grid({
  label,
  columns,
  rowCount,
  row,
  onSeen,
  height = 420,
}: {
  label: string;
  columns: readonly GridColumn[];
  rowCount: number;
  /** The row at a place, from 0; undefined while it is still to be fetched. */
  row: (place: number) => readonly Cell[] | undefined;
  /** Called with the places of the first and the last row that are seen. */
  onSeen?: (first: number, last: number) => void;
  height?: number | string;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [seenPx, setSeenPx] = useState(400);
  const [active, setActive] = useState({ row: 0, column: 0 });
  const bodyPx = Math.max(seenPx - ROW_PX, ROW_PX);
  const wholePx = rowCount * ROW_PX;
  const drawnPx = Math.min(wholePx, TALLEST_PX);
  const seenRows = Math.ceil(bodyPx / ROW_PX) + 1;
  const isScaled = wholePx > drawnPx;
  const first = isScaled
    ? Math.round((top / Math.max(drawnPx - bodyPx, 1)) * Math.max(rowCount - seenRows + 1, 0))
    : Math.floor(top / ROW_PX);
  const last = Math.min(first + seenRows, rowCount) - 1;

  const across = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: (place) => widthOf(columns[place], row(0)?.[place]),
    overscan: 4,
  });
  const measured = columns.map((column) => column.name).join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew when there are other columns
  useEffect(() => across.measure(), [measured]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setSeenPx(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => onSeen?.(first, last), [onSeen, first, last]);

  const show = useCallback(
    (place: number) => {
      const element = scroller.current;
      if (!element) return;
      if (place >= first && place < last) return;
      const above = place < first ? place : Math.max(place - seenRows + 2, 0);
      element.scrollTop = isScaled
        ? (above / Math.max(rowCount - seenRows + 1, 1)) * (drawnPx - bodyPx)
        : above * ROW_PX;
    },
    [first, last, seenRows, isScaled, rowCount, drawnPx, bodyPx],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: seenRows - 2, PageUp: 2 - seenRows }[event.key];
    const side = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const isFar = event.ctrlKey || event.metaKey;
    let { row: at, column } = active;
    if (step !== undefined) at += isFar ? step * rowCount : step;
    else if (side !== undefined) column += isFar ? side * columns.length : side;
    else if (event.key === "Home") [column, at] = [0, isFar ? 0 : at];
    else if (event.key === "End") [column, at] = [columns.length - 1, isFar ? rowCount - 1 : at];
    else if (event.key === "c" && isFar && !getSelection()?.toString()) {
      const value = row(at)?.[column];
      void copyText(value === undefined || value === null ? "" : raw(value));
      return;
    } else return;
    event.preventDefault();
    at = Math.max(0, Math.min(at, rowCount - 1));
    column = Math.max(0, Math.min(column, columns.length - 1));
    setActive({ row: at, column });
    show(at);
    across.scrollToIndex(column);
  };

  const places = Array.from({ length: Math.max(last - first + 1, 0) }, (_, offset) => first + offset);
  const shownColumns = across.getVirtualItems();
  const isActiveDrawn =
    active.row >= first && active.row <= last && shownColumns.some(({ index }) => index === active.column);
  // Rows stand where the window is; between them and the scroll bar there is only a share.
  const offsetPx = isScaled ? Math.min(top, drawnPx - bodyPx) : first * ROW_PX;
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={rowCount + 1}
      aria-colcount={columns.length}
      aria-activedescendant={isActiveDrawn ? `cell-${active.row}-${active.column}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      style={{ height }}
      className="group relative overflow-auto bg-panel text-sm"
    >
      <div style={{ width: across.getTotalSize(), height: drawnPx + ROW_PX }} className="relative">
        <div role="row" aria-rowindex={1} className="sticky top-0 z-10 h-7 bg-sunken">
          {shownColumns.map((shown) => {
            const column = columns[shown.index];
            return column ? (
              <div
                key={shown.key}
                role="columnheader"
                aria-colindex={shown.index + 1}
                title={`${column.name}: ${column.type}`}
                style={{ left: shown.start, width: shown.size }}
                className={classes(
                  "absolute h-7 truncate border-r border-b border-line px-2 text-xs leading-7 font-medium text-ink-2",
                  isNumber(column.type) && "text-right",
                )}
              >
                {column.name}
              </div>
            ) : null;
          })}
        </div>
        {places.map((place, line) => {
          const values = row(place);
          return (
            <div
              key={place}
              role="row"
              aria-rowindex={place + 2}
              className="absolute right-0 left-0 h-7 border-b border-line"
              style={{ top: ROW_PX + offsetPx + line * ROW_PX }}
            >
              {shownColumns.map((shown) => {
                const column = columns[shown.index];
                const value = values?.[shown.index];
                const isActive = place === active.row && shown.index === active.column;
                return column ? (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: its keys are the grid's
                  <div
                    key={shown.key}
                    id={`cell-${place}-${shown.index}`}
                    role="gridcell"
                    aria-colindex={shown.index + 1}
                    aria-selected={isActive}
                    onClick={() => setActive({ row: place, column: shown.index })}
                    style={{ left: shown.start, width: shown.size }}
                    className={classes(
                      "absolute h-7 truncate border-r border-line px-2 leading-7",
                      isNumber(column.type) && "tnum text-right",
                      isActive &&
                        "group-focus:outline-2 group-focus:-outline-offset-2 group-focus:outline-focus",
                    )}
                  >
                    <Value value={value} type={column.type} />
                  </div>
                ) : null;
              })}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** How much of an answer there is, below its grid. */
export function RowCount({ count }: { count: number }) {
  return <span className="tnum text-xs text-ink-3">{t("shell.rows", { count })}</span>;
}

function Value({ value, type }: { value: Cell | undefined; type: string }) {
  if (value === undefined) return <span className="skeleton inline-block h-3 w-12" />;
  if (value === null) return <span className="text-ink-3 italic">{t("shell.null")}</span>;
  const text = cellText(value, type);
  return <span title={raw(value)}>{text}</span>;
}

function raw(value: Cell): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function widthOf(column: GridColumn | undefined, sample: Cell | undefined): number {
  if (!column) return NARROWEST_PX;
  const text = sample === undefined || sample === null ? "" : cellText(sample, column.type);
  const wanted = Math.max(column.name.length + 2, text.length + 4) * CHARACTER_PX + 16;
  return Math.round(Math.min(WIDEST_PX, Math.max(NARROWEST_PX, wanted)));
}
