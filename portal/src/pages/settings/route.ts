import { createRoute } from "@tanstack/react-router";
import { Settings } from "lucide-react";
import { lazyPage, type Page } from "@/app/page";
import { shellRoute } from "@/app/routes";
import { searchOf } from "@/lib/address";
import { SEARCH } from "./search";

const route = createRoute({
  getParentRoute: () => shellRoute,
  path: "/settings",
  validateSearch: searchOf(SEARCH),
  component: lazyPage(() => import("./page"), "settings"),
});

export const page = {
  routes: [route],
  navigation: [{ name: "settings", to: "/settings", icon: Settings, group: "own" }],
} as const satisfies Page;
