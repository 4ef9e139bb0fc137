// What a page's `route.ts` says of it; app/pages.ts lists them.
import type { AnyRoute } from "@tanstack/react-router";
import { lazyRouteComponent } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";
import type { ComponentType } from "react";
import type { Shape } from "@/api/client";
import type { Session } from "@/app/session";
import { loadTexts } from "@/i18n/texts";
import type { FileName } from "@/messages";

/** The groups of the navigation, in their order. */
export const GROUPS = ["find", "use", "run", "govern", "learn", "own"] as const;

/** An entry of the navigation; its words are `shell.nav.<name>`. */
export interface NavigationEntry {
  name: string;
  to: string;
  icon: LucideIcon;
  group: (typeof GROUPS)[number];
  /** What the address begins with where the entry is the current one, beside `to`. */
  also?: readonly string[];
  /** How much waits there, beside its words; nothing for 0. */
  count?: (session: Session) => number | null;
  /** For whom it is there; for everybody unless given. */
  roles?: readonly Shape<"Role">[];
}

export interface Page {
  routes: readonly AnyRoute[];
  navigation?: readonly NavigationEntry[];
}

/** A page's component, fetched with its texts when somebody goes there: the module's export `Page`. */
export function lazyPage(load: () => Promise<{ Page: ComponentType }>, ...texts: FileName[]) {
  return lazyRouteComponent(async () => {
    const [module] = await Promise.all([load(), loadTexts(texts)]);
    return module;
  }, "Page");
}
