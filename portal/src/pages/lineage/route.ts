import { createRoute } from "@tanstack/react-router";
import { Workflow } from "lucide-react";
import { lazyPage, type Page } from "@/app/page";
import { shellRoute } from "@/app/routes";
import { searchOf } from "@/lib/address";
import { SEARCH } from "./search";

const choice = createRoute({
  getParentRoute: () => shellRoute,
  path: "/lineage",
  component: lazyPage(() => import("./choice"), "lineage"),
});

const route = createRoute({
  getParentRoute: () => shellRoute,
  path: "/lineage/$domain/$dataset",
  validateSearch: searchOf(SEARCH),
  component: lazyPage(() => {
    prepareLayout();
    return import("./page");
  }, "lineage"),
});

/** What lays graphs out takes as long to be loaded as all else of the page, which it need not wait for. */
function prepareLayout(): void {
  void import("@/ui/graph/layout").then(({ prepare }) => prepare());
}
if (globalThis.location?.pathname.startsWith("/lineage/")) prepareLayout();

export const page = {
  routes: [choice, route],
  navigation: [{ name: "lineage", to: "/lineage", icon: Workflow, group: "find" }],
} as const satisfies Page;
