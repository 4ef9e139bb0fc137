// What the workbench reads out of a statement, and out of the server's words about it.
import { describe, expect, it } from "vitest";
import { csvOf } from "@/lib/save";
import { names, namesAll, offsetOf, placed } from "@/pages/sql/words";

describe("a statement", () => {
  it("names whole words, whatever their case", () => {
    expect(names("SELECT Email FROM sales.customers", "email")).toBe(true);
    expect(names("SELECT email_domain FROM sales.customers", "email")).toBe(false);
    expect(names("SELECT 1 FROM sales.orders_v2", "sales.orders")).toBe(false);
    expect(names('SELECT "paid (net)" FROM x.y', "paid (net)")).toBe(true);
  });

  it("may name all columns at once", () => {
    expect(namesAll("SELECT o.* FROM sales.orders o")).toBe(true);
    expect(namesAll("  from sales.orders")).toBe(true);
    expect(namesAll("SELECT id FROM sales.orders")).toBe(false);
  });
});

describe("the place of an error", () => {
  it("is split from what is wrong there", () => {
    expect(placed("statement:2:3: no such column")).toEqual({
      line: 2,
      column: 3,
      message: "no such column",
    });
    expect(placed("statement:4: too deep")).toEqual({ line: 4, column: 1, message: "too deep" });
    expect(placed("the query reached its time limit")).toBeNull();
  });

  it("is an offset of the text, never beyond it", () => {
    expect("SELECT id,\n  nonsense".slice(offsetOf("SELECT id,\n  nonsense", 2, 3))).toBe("nonsense");
    expect(offsetOf("SELECT 1", 9, 9)).toBeLessThanOrEqual("SELECT 1".length);
  });
});

describe("a file of CSV", () => {
  it("has no formulas", () => {
    expect(csvOf([["=1+1", 'a "b"', "-2"]])).toBe('"\'=1+1","a ""b""","\'-2"\r\n');
  });
});
