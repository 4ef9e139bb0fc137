// What several answers about lineage say together, and where arrow keys lead.
import { describe, expect, it } from "vitest";
import type { Shape } from "@/api/client";
import { columnsDrawn, datasetsDrawn, productsDrawn } from "@/pages/lineage/drawn";
import { distances, linksOf, merged } from "@/pages/lineage/graph-data";
import { statusQuery } from "@/pages/lineage/queries";
import { statusQuery as listQuery } from "@/pages/quality/queries";
import { nodeAt } from "@/ui/graph/keys";

type Facts = Shape<"LineageFacts">;
const arrow = (from: string, to: string, kind = "direct") => {
  const place = (text: string) => {
    const [domain, dataset, column] = text.split(".");
    return { dataset: `${domain}.${dataset}`, column: column ?? null };
  };
  return { origin: place(from), target: place(to), kind };
};
const facts = (direction: string, edges: Facts["edges"], above = 1, below = 1): Facts => ({
  dataset: "b.two",
  columns: ["x"],
  direction,
  datasets: [...new Set(edges.flatMap((one) => [one.origin.dataset, one.target.dataset]))].map((name) => ({
    name,
    product: `${name.split(".")[0]}/all`,
    environment: "prod",
    releases: [1],
    above,
    below,
  })),
  edges,
  untraced: [{ dataset: "b.two", column: "x" }],
  is_recorded: true,
});
const UP = facts("up", [arrow("a.one.x", "b.two.x"), arrow("a.one.y", "b.two", "rows")]);
const DOWN = facts("down", [arrow("b.two.x", "b.three.x"), arrow("b.two.x", "c.four.x")], 1, 2);
const given = {
  focus: "b.two",
  facts: merged([UP, DOWN, UP]),
  path: null,
  opened: { up: [], down: [] },
};

describe("a lineage", () => {
  it("is one graph, whatever was asked twice", () => {
    expect(given.facts.arrows).toHaveLength(4);
    expect(linksOf(given.facts.arrows)).toEqual([
      { from: "a.one", to: "b.two" },
      { from: "b.two", to: "b.three" },
      { from: "b.two", to: "c.four" },
    ]);
  });

  it("says how many datasets more there are on each side", () => {
    const { nodes } = datasetsDrawn(given);
    const data = (id: string) => nodes.find((node) => node.id === id)?.data;
    expect(data("a.one")?.up?.hidden).toBe(1);
    expect(data("b.two")?.down?.hidden).toBe(0);
    expect(data("c.four")?.down?.hidden).toBe(2);
    expect(data("b.two")?.isUntraced).toBe(true);
    expect(nodes.filter((node) => node.type === "group").map((node) => node.data.name)).toEqual([
      "a",
      "b",
      "c",
    ]);
  });

  it("dims what is not on the way of a column", () => {
    const path = merged([facts("down", [arrow("b.two.x", "c.four.x")])]);
    const { nodes, edges } = datasetsDrawn({ ...given, path });
    expect(nodes.filter((node) => node.data.isDimmed).map((node) => node.id)).toEqual(["a.one", "b.three"]);
    expect(edges.filter((edge) => edge.style?.opacity === 1).map((edge) => edge.id)).toEqual([
      "b.two c.four",
    ]);
  });

  it("is one of products, without the links inside of one", () => {
    expect(productsDrawn(given).edges.map((edge) => edge.id)).toEqual(["a/all b/all", "b/all c/all"]);
  });

  it("is one of columns, each where it stands in its dataset", () => {
    const { nodes } = columnsDrawn(given, "x");
    expect(nodes.find((node) => node.id === "a.one")?.data.columns).toEqual(["x", "y"]);
    expect(nodes.find((node) => node.id === "b.two")?.data.columns).toEqual(["*", "x"]);
  });

  it("tells how far away each dataset is that changes with one", () => {
    const found = distances("a.one", linksOf(given.facts.arrows));
    expect([...found]).toEqual([
      ["a.one", 0],
      ["b.two", 1],
      ["b.three", 2],
      ["c.four", 2],
    ]);
  });
});

describe("arrow keys", () => {
  const node = (id: string, x: number, y: number) => ({ id, position: { x, y }, width: 100, data: {} });
  const nodes = [node("a", 0, 0), node("b", 200, 0), node("c", 200, 100), node("d", 200, 300)];
  const edges = ["b", "c", "d"].map((id) => ({ id: `a ${id}`, source: "a", target: id }));

  it("go along the lines, to the nearest", () => {
    expect(nodeAt("a", "ArrowRight", nodes, edges)?.id).toBe("b");
    expect(nodeAt("c", "ArrowLeft", nodes, edges)?.id).toBe("a");
    expect(nodeAt("a", "ArrowLeft", nodes, edges)).toBeNull();
  });

  it("go up and down among those that stand below each other", () => {
    expect(nodeAt("b", "ArrowDown", nodes, edges)?.id).toBe("c");
    expect(nodeAt("d", "ArrowUp", nodes, edges)?.id).toBe("c");
    expect(nodeAt("b", "ArrowUp", nodes, edges)).toBeNull();
  });
});

describe("how datasets stand", () => {
  it("is kept under its key in one form, whichever page asked first", () => {
    expect(statusQuery.queryKey).toEqual(listQuery.queryKey);
    expect(statusQuery.queryFn).toBe(listQuery.queryFn);
  });
});
