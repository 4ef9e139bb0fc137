import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  placeholder as emptyText,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { type Ref, useEffect, useImperativeHandle, useRef } from "react";

/** Colours from the tokens, so that both themes are readable. */
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--chart-2)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--info)" },
  { tag: [tags.comment], color: "var(--ink-3)", fontStyle: "italic" },
  { tag: [tags.typeName, tags.propertyName, tags.definition(tags.propertyName)], color: "var(--info)" },
  { tag: [tags.invalid], color: "var(--bad)" },
]);

/** What every editor has; `Tab` leaves it, so that nobody is caught in it. */
export function setup(label: string, isReadOnly: boolean): Extension[] {
  return [
    lineNumbers(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    autocompletion(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    syntaxHighlighting(colours),
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...completionKeymap,
      ...lintKeymap,
    ]),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false" }),
    EditorState.readOnly.of(isReadOnly),
    // What scrolls must be reached by the keyboard.
    EditorView.editorAttributes.of(isReadOnly ? { tabindex: "0" } : {}),
  ];
}

export interface EditorHandle {
  view: EditorView;
}

export interface EditorProps {
  label: string;
  value: string;
  onChange?: (text: string) => void;
  placeholder?: string;
  height?: string;
  /** Further extensions; keep them stable, since others replace the ones before. */
  extensions?: Extension;
  ref?: Ref<EditorHandle>;
}

/** A text editor; read-only without `onChange`. */
export function Editor({
  label,
  value,
  onChange,
  placeholder,
  height = "160px",
  extensions = [],
  ref,
}: EditorProps) {
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const further = useRef(new Compartment());
  const changed = useRef(onChange);
  changed.current = onChange;

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; what changes is told to it below
  useEffect(() => {
    if (!parent.current) return;
    const made = new EditorView({
      parent: parent.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          further.current.of(extensions),
          ...setup(label, onChange === undefined),
          placeholder ? emptyText(placeholder) : [],
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current?.(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [label]);

  useEffect(() => {
    const now = view.current;
    if (now && now.state.doc.toString() !== value) {
      now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: value } });
    }
  }, [value]);
  useEffect(() => {
    view.current?.dispatch({ effects: further.current.reconfigure(extensions) });
  }, [extensions]);
  useImperativeHandle(ref, () => ({
    get view() {
      if (!view.current) throw new Error("the editor is not there yet");
      return view.current;
    },
  }));

  return (
    <div ref={parent} style={{ height }} className="overflow-hidden rounded-md border border-line-strong" />
  );
}
