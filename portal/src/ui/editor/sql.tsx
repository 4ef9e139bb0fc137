import { PostgreSQL, type SQLNamespace, sql } from "@codemirror/lang-sql";
import { setDiagnostics } from "@codemirror/lint";
import { Prec } from "@codemirror/state";
import { keymap } from "@codemirror/view";
import { type RefObject, useEffect, useMemo, useRef } from "react";
import { Editor, type EditorHandle, type EditorProps } from "@/ui/editor/editor";

/** Something that is wrong at a place of the text. */
export interface SqlFault {
  from: number;
  message: string;
}

/** An editor of SQL that completes what may be read; Ctrl Enter runs the chosen part, or all. */
export function SqlEditor({
  schema,
  onRun,
  fault,
  ref,
  ...rest
}: Omit<EditorProps, "extensions" | "ref"> & {
  /** `{ sales: { orders: ["id", "amount"] } }` */
  schema?: SQLNamespace;
  /** Called with the text to run, and where it begins in the whole. */
  onRun?: (text: string, from: number) => void;
  /** What to mark; keep it stable. */
  fault?: SqlFault | null;
  ref?: RefObject<EditorHandle | null>;
}) {
  const run = useRef(onRun);
  run.current = onRun;
  const own = useRef<EditorHandle>(null);
  const editor = ref ?? own;
  const extensions = useMemo(
    () => [
      sql({ dialect: PostgreSQL, schema, upperCaseKeywords: true }),
      Prec.highest(
        keymap.of([
          {
            key: "Mod-Enter",
            run: ({ state }) => {
              const chosen = chosenText(state.selection.main, state.doc.toString());
              run.current?.(chosen.text, chosen.from);
              return true;
            },
          },
        ]),
      ),
    ],
    [schema],
  );
  useEffect(() => {
    const view = editor.current?.view;
    if (!view) return;
    const at = Math.min(fault?.from ?? 0, view.state.doc.length);
    const word = /^[\p{L}\p{N}_."]+/u.exec(view.state.sliceDoc(at, at + 100))?.[0] ?? "";
    const to = Math.min(at + Math.max(word.length, 1), view.state.doc.length);
    view.dispatch(
      setDiagnostics(view.state, fault ? [{ from: at, to, severity: "error", message: fault.message }] : []),
    );
  }, [fault, editor]);
  return <Editor {...rest} ref={editor} extensions={extensions} />;
}

/** Return the chosen part of a text, or all of it where nothing is chosen. */
export function chosenText(
  selection: { from: number; to: number },
  text: string,
): { text: string; from: number } {
  const { from, to } = selection;
  return from === to ? { text, from: 0 } : { text: text.slice(from, to), from };
}
