import { yaml } from "@codemirror/lang-yaml";
import { Editor, type EditorProps } from "@/ui/editor/editor";

const extensions = yaml();

/** An editor, or a reader, of YAML. */
export function YamlEditor(props: Omit<EditorProps, "extensions">) {
  return <Editor {...props} extensions={extensions} />;
}
