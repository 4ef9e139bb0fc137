// The queries that somebody has open: kept in this browser, for each person apart, without what they answered.
import { useCallback, useEffect, useRef, useState } from "react";
import type { Problem } from "@/api/problem";
import { t } from "@/i18n/texts";
import { say } from "@/ui/toast";

const MOST = 16;

/** A question that was asked: where its text begins in that of its tab, when, and how long it took. */
export interface Asked {
  id: string | null;
  sql: string;
  from: number;
  at: number;
  elapsedS?: number;
  /** Why it was not even begun. */
  problem?: Problem;
  isStopped?: boolean;
}

export interface OpenQuery {
  id: string;
  /** What it is called while it has no name. */
  number: number;
  sql: string;
  /** The saved query that it was opened from. */
  saved?: { id: string; name: string };
  asked?: Asked;
}

interface Open {
  tabs: OpenQuery[];
  chosen: string;
}

const empty = (number: number, given?: Partial<OpenQuery>): OpenQuery => ({
  id: crypto.randomUUID(),
  number,
  sql: "",
  ...given,
});

/** All that somebody has open, and what changes it. */
export function useOpenQueries(person: string) {
  const key = `sql ${person}`;
  const [open, setOpen] = useState<Open>(() => kept(key));
  useEffect(() => {
    try {
      localStorage.setItem(key, JSON.stringify(open));
    } catch {
      // A browser that keeps nothing, or is full: the tabs last as long as the page.
    }
  }, [key, open]);
  const choose = useCallback((chosen: string) => setOpen((now) => ({ ...now, chosen })), []);
  const change = useCallback(
    (id: string, changes: Partial<OpenQuery>) =>
      setOpen((now) => ({
        ...now,
        tabs: now.tabs.map((tab) => (tab.id === id ? { ...tab, ...changes } : tab)),
      })),
    [],
  );
  const latest = useRef(open);
  latest.current = open;
  const add = useCallback((given: Partial<OpenQuery> = {}) => {
    if (added(latest.current, given) === latest.current) void say(t("sql.tabsFull", { count: MOST }));
    setOpen((now) => added(now, given));
  }, []);
  const close = useCallback((id: string) => setOpen((now) => closed(now, id)), []);
  const tab = open.tabs.find((one) => one.id === open.chosen) ?? (open.tabs[0] as OpenQuery);
  return { tabs: open.tabs, tab, choose, change, add, close };
}

/** Open a query: the tab that has it already, the empty one where one is, or a new one; nothing changes where none fits. */
function added(now: Open, given: Partial<OpenQuery>): Open {
  const same = now.tabs.find((tab) =>
    given.saved ? tab.saved?.id === given.saved.id : given.sql && tab.sql.trim() === given.sql.trim(),
  );
  if (same) return { ...now, chosen: same.id };
  const current = now.tabs.find((tab) => tab.id === now.chosen);
  if (given.sql && current && !current.sql.trim()) {
    const filled = { ...current, ...given };
    return { ...now, tabs: now.tabs.map((tab) => (tab === current ? filled : tab)) };
  }
  if (now.tabs.length >= MOST) return now;
  const numbers = now.tabs.map((tab) => tab.number);
  const made = empty(Math.max(0, ...numbers) + 1, given);
  return { tabs: [...now.tabs, made], chosen: made.id };
}

function closed(now: Open, id: string): Open {
  const place = now.tabs.findIndex((tab) => tab.id === id);
  const tabs = now.tabs.filter((tab) => tab.id !== id);
  if (!tabs.length) tabs.push(empty(1));
  const next = tabs[Math.min(place, tabs.length - 1)] as OpenQuery;
  return { tabs, chosen: now.chosen === id ? next.id : now.chosen };
}

/** Return a tab without a question that was still being sent when the page was left. */
function settled(tab: OpenQuery): OpenQuery {
  const isKnown = tab.asked?.id || tab.asked?.problem || tab.asked?.isStopped;
  return isKnown ? tab : { ...tab, asked: undefined };
}

function kept(key: string): Open {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? "null") as Open | null;
    const isOurs = found?.tabs?.every(
      (tab) => typeof tab.id === "string" && typeof tab.sql === "string" && typeof tab.number === "number",
    );
    if (found?.tabs.length && isOurs) return { ...found, tabs: found.tabs.map(settled) };
  } catch {
    // What stands there is not ours, or cannot be read.
  }
  const first = empty(1);
  return { tabs: [first], chosen: first.id };
}
