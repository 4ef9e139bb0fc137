import { describe, expect, it } from "vitest";
import { type Predicate, predicateOf, type Rows, rowsOf } from "@/pages/access/predicate";

const form = (
  joined: Rows["joined"],
  ...lines: [string, Rows["conditions"][number]["sign"], string][]
): Rows => ({
  joined,
  conditions: lines.map(([column, sign, value]) => ({ column, sign, value })),
});

describe("rows", () => {
  it("are all without a condition, and none while one is not at its end", () => {
    expect(predicateOf(form("all"))).toBeNull();
    for (const [sign, value] of [
      ["=", " "],
      ["in", "KE, "],
    ] as const) {
      expect(predicateOf(form("all", ["country", "=", "KE"], ["city", sign, value]))).toBeUndefined();
    }
  });

  it("are what the server takes, and come back to the form", () => {
    const known: [Rows, Predicate][] = [
      [form("all", ["id", ">=", "7"]), { column: "id", is: ">=", value: "7" }],
      [form("all", ["country", "in", "KE, TZ"]), { column: "country", in: ["KE", "TZ"] }],
      [form("all", ["city", "known", ""]), { not: { column: "city", is: "null" } }],
      [
        form("any", ["city", "null", ""], ["city", "!=", "Mombasa"]),
        {
          any: [
            { column: "city", is: "null" },
            { column: "city", is: "!=", value: "Mombasa" },
          ],
        },
      ],
    ];
    for (const [rows, predicate] of known) {
      expect(predicateOf(rows)).toEqual(predicate);
      expect(rowsOf(predicate)).toEqual(rows);
    }
  });

  it("of other shapes are for no form", () => {
    expect(rowsOf({ not: { column: "id", is: "=", value: "1" } })).toBeUndefined();
    expect(rowsOf({ all: [{ any: [{ column: "id", is: "null" }] }] })).toBeUndefined();
  });
});
