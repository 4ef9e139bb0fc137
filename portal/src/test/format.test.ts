import { describe, expect, it, vi } from "vitest";
import { oneOf, ownPathOf, searchOf, split, textOf } from "@/lib/address";
import { cellText, isNumber } from "@/lib/cells";
import { formatBytes, formatDuration, formatElapsed, formatNumber, formatRelative } from "@/lib/format";
import { linkOf } from "@/lib/links";

describe("formats", () => {
  it("shows no raw float, and loses no digit of a decimal", () => {
    expect(cellText(261716.22000000937, "double")).toBe("261,716.22");
    expect(formatNumber("12345678901234567890.5")).toBe("12,345,678,901,234,567,890.5");
    expect(cellText("NaN", "double")).toBe("NaN");
  });

  it("knows numbers by their Arrow type", () => {
    expect(["int64", "uint8", "double", "decimal128(12, 2)"].every(isNumber)).toBe(true);
    expect(["string", "date32[day]", "bool", "list<item: int64>"].some(isNumber)).toBe(false);
  });

  it("says to the second how long somebody waits", () => {
    expect(formatElapsed(0)).toBe("0:00:00");
    expect(formatElapsed(3_725.9)).toBe("1:02:05");
    expect(formatElapsed(2 * 86_400 + 59)).toBe("2 days 0:00:59");
    expect(formatElapsed(-5)).toBe("0:00:00");
  });

  it("says sizes and times as people do", () => {
    expect(formatBytes(0)).toBe("0 bytes");
    expect(formatBytes(1_530_000)).toBe("1.5 MB");
    expect(formatDuration(0.034)).toBe("34 ms");
    expect(formatDuration(7.25)).toBe("7.3 sec");
    const now = new Date("2026-03-01T12:00:00Z");
    expect(formatRelative("2026-03-01T11:48:00Z", now)).toBe("12 minutes ago");
    expect(formatRelative("2026-03-04T12:00:00Z", now)).toBe("in 3 days");
    expect(formatRelative("2026-02-28T12:00:00Z", now)).toBe("yesterday");
  });
});

describe("days", () => {
  it.each(["America/Los_Angeles", "UTC", "Africa/Nairobi"])("are the same in %s", async (zone) => {
    vi.stubEnv("TZ", zone);
    vi.resetModules();
    const { formatDay } = await import("@/lib/format");
    const shown = formatDay("2026-11-23");
    vi.unstubAllEnvs();
    expect(shown).toBe("Nov 23, 2026");
  });
});

describe("addresses", () => {
  it("hold what a page knows, and nothing else", () => {
    const read = searchOf({ q: textOf, kind: oneOf(["product"]) });
    expect(read({ q: "", kind: "evil", more: 1 })).toEqual({});
    expect(read({ q: 2024, kind: "product" })).toEqual({ q: "2024", kind: "product" });
  });

  it("lead to no other site", () => {
    expect(ownPathOf("/products/a/b?tab=use")).toBe("/products/a/b?tab=use");
    for (const path of ["//evil.example", "/\\evil.example", "https://evil.example", "catalog", "/a\nb", 1]) {
      expect(ownPathOf(path)).toBeUndefined();
    }
  });

  it("are made of names", () => {
    expect(split("sales/orders")).toEqual({ domain: "sales", rest: "orders" });
    expect(linkOf({ kind: "column", name: "sales.orders.id", links: [] })).toBe(
      "/datasets/sales/orders?column=id",
    );
    expect(linkOf({ kind: "product", name: "sales/orders", links: [] })).toBe("/products/sales/orders");
  });
});
