import { oneOf } from "@/lib/address";

export const TABS = ["steps", "checks", "files", "log"] as const;
export const VIEWS = ["graph", "table"] as const;
export const SEARCH = { tab: oneOf(TABS), view: oneOf(VIEWS) };
