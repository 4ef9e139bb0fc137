import {
  type ColumnDef,
  createSortedRowModel,
  FlexRender,
  type RowData,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { classes } from "@/lib/classes";

export type { RowData };

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
const HIDDEN = { sm: "max-sm:hidden", md: "max-md:hidden", lg: "max-lg:hidden", xl: "max-xl:hidden" };

export interface Column<Row extends RowData> {
  id: string;
  head: ReactNode;
  cell: (row: Row) => ReactNode;
  /** What the column is sorted by; without it nobody can sort by it. */
  value?: (row: Row) => string | number | null | undefined;
  /** Numbers stand on the right. */
  isNumber?: boolean;
  /** Below which width it gives way to what matters more. */
  hiddenBelow?: keyof typeof HIDDEN;
  className?: string;
}

/** A dense table of as many rows as people read; `Grid` is for answers without end. */
export function Table<Row extends RowData>({
  label,
  columns,
  rows,
  rowKey,
  sort,
  onSort,
}: {
  /** What the table lists, for those who do not see it. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** `name` or `-name`, where the address keeps it; else the table does. */
  sort?: string;
  onSort?: (sort: string | undefined) => void;
}) {
  const [own, setOwn] = useState<string>();
  const current = onSort ? sort : own;
  const sorting = useMemo<SortingState>(
    () => (current ? [{ id: current.replace(/^-/, ""), desc: current.startsWith("-") }] : []),
    [current],
  );
  const definitions = useMemo<ColumnDef<typeof features, Row>[]>(
    () =>
      columns.map((column) => ({
        id: column.id,
        header: () => column.head,
        cell: ({ row }) => column.cell(row.original),
        accessorFn: (row) => column.value?.(row) ?? undefined,
        enableSorting: column.value !== undefined,
        sortFn: (a, b, id) => compare(a.getValue(id), b.getValue(id)),
        sortUndefined: "last",
      })),
    [columns],
  );
  const table = useTable({
    features,
    columns: definitions,
    data: rows as Row[],
    getRowId: rowKey,
    state: { sorting },
    enableMultiSort: false,
    onSortingChange: (change) => {
      const [first] = typeof change === "function" ? change(sorting) : change;
      (onSort ?? setOwn)(first ? `${first.desc ? "-" : ""}${first.id}` : undefined);
    },
  });
  const shape = (id: string) => columns.find((column) => column.id === id) as Column<Row>;
  return (
    <div className="overflow-x-auto">
      <table aria-label={label} className="w-full border-collapse text-sm">
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} className="border-b border-line">
              {group.headers.map((header) => {
                const { isNumber, hiddenBelow } = shape(header.column.id);
                const sorted = header.column.getIsSorted();
                return (
                  <th
                    key={header.id}
                    scope="col"
                    aria-sort={sorted ? (sorted === "asc" ? "ascending" : "descending") : undefined}
                    className={classes(
                      "h-8 px-3 text-left text-xs font-medium whitespace-nowrap text-ink-3",
                      isNumber && "text-right",
                      hiddenBelow && HIDDEN[hiddenBelow],
                    )}
                  >
                    {header.column.getCanSort() ? (
                      <button
                        type="button"
                        onClick={header.column.getToggleSortingHandler()}
                        className="inline-flex h-6 items-center gap-1 hover:text-ink"
                      >
                        <FlexRender header={header} />
                        <Arrow sorted={sorted} />
                      </button>
                    ) : (
                      <FlexRender header={header} />
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id} className="border-b border-line last:border-b-0 hover:bg-sunken">
              {row.getAllCells().map((cell) => {
                const { isNumber, hiddenBelow, className } = shape(cell.column.id);
                return (
                  <td
                    key={cell.id}
                    className={classes(
                      "px-3 py-2 align-top",
                      isNumber && "tnum text-right",
                      hiddenBelow && HIDDEN[hiddenBelow],
                      className,
                    )}
                  >
                    <FlexRender cell={cell} />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Arrow({ sorted }: { sorted: false | "asc" | "desc" }) {
  const Icon = sorted === "asc" ? ArrowUp : sorted === "desc" ? ArrowDown : ChevronsUpDown;
  return <Icon className="size-3 shrink-0" aria-hidden />;
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), undefined, { numeric: true });
}
