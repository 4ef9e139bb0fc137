import ELK, { type ElkNode } from "elkjs/lib/elk.bundled.js";

const elk = new ELK();

self.onmessage = async ({ data }: MessageEvent<{ id: number; graph: ElkNode }>) => {
  self.postMessage({ id: data.id, graph: await elk.layout(data.graph) });
};
