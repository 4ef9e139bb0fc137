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
  component: lazyPage(() => import("./page"), "lineage"),
});

export const page = {
  routes: [choice, route],
  navigation: [{ name: "lineage", to: "/lineage", icon: Workflow, group: "find" }],
} as const satisfies Page;
