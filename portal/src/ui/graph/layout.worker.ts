import ELK, { type ElkNode } from "elkjs/lib/elk.bundled.js";
import type { Laid } from "@/ui/graph/layout";

const elk = new ELK();

self.onmessage = async ({ data }: MessageEvent<{ id: number; graph: ElkNode }>) => {
  const { id } = data;
  const laid: Laid = await elk.layout(data.graph).then(
    (graph) => ({ id, graph }),
    (error: unknown) => ({ id, fault: String(error) }),
  );
  self.postMessage(laid);
};
