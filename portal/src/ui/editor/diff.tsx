import { yaml } from "@codemirror/lang-yaml";
import { unifiedMergeView } from "@codemirror/merge";
import { useMemo } from "react";
import { Editor } from "@/ui/editor/editor";

/** What changed between two texts, line by line. */
export function Diff({
  label,
  before,
  after,
  height,
}: {
  label: string;
  before: string;
  after: string;
  height?: string;
}) {
  const extensions = useMemo(
    () => [yaml(), unifiedMergeView({ original: before, mergeControls: false, gutter: true })],
    [before],
  );
  return <Editor label={label} value={after} height={height ?? "320px"} extensions={extensions} />;
}
