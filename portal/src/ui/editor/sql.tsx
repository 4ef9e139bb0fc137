import { PostgreSQL, type SQLNamespace, sql } from "@codemirror/lang-sql";
import { Prec } from "@codemirror/state";
import { keymap } from "@codemirror/view";
import { useMemo, useRef } from "react";
import { Editor, type EditorProps } from "@/ui/editor/editor";

/** An editor of SQL that completes what may be read; Ctrl Enter runs the chosen part, or all. */
export function SqlEditor({
  schema,
  onRun,
  ...rest
}: Omit<EditorProps, "extensions"> & {
  /** `{ sales: { orders: ["id", "amount"] } }` */
  schema?: SQLNamespace;
  onRun?: (text: string) => void;
}) {
  const run = useRef(onRun);
  run.current = onRun;
  const extensions = useMemo(
    () => [
      sql({ dialect: PostgreSQL, schema, upperCaseKeywords: true }),
      Prec.highest(
        keymap.of([
          {
            key: "Mod-Enter",
            run: ({ state }) => {
              const { from, to } = state.selection.main;
              run.current?.(from === to ? state.doc.toString() : state.sliceDoc(from, to));
              return true;
            },
          },
        ]),
      ),
    ],
    [schema],
  );
  return <Editor {...rest} extensions={extensions} />;
}
