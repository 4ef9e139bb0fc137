import { oneOf } from "@/lib/address";

export const TABS = ["program", "health", "settings", "channels"] as const;
export const SOURCES = ["default", "file", "environment"] as const;
export const STATES = ["waiting", "dead", "delivered"] as const;

/** What the address of settings says. */
export const SEARCH = { tab: oneOf(TABS), source: oneOf(SOURCES), state: oneOf(STATES) };
