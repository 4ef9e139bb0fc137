import { createRoute } from "@tanstack/react-router";
import { Megaphone } from "lucide-react";
import { lazyPage, type Page } from "@/app/page";
import { shellRoute } from "@/app/routes";
import { searchOf } from "@/lib/address";
import { NEW_SEARCH, SEARCH } from "./search";

const list = createRoute({
  getParentRoute: () => shellRoute,
  path: "/demand",
  validateSearch: searchOf(SEARCH),
  component: lazyPage(() => import("./page"), "demand"),
});

const made = createRoute({
  getParentRoute: () => shellRoute,
  path: "/demand/new",
  validateSearch: searchOf(NEW_SEARCH),
  component: lazyPage(() => import("./new"), "demand"),
});

export const page = {
  routes: [list, made],
  navigation: [{ name: "demand", to: "/demand", icon: Megaphone, group: "use" }],
} as const satisfies Page;
