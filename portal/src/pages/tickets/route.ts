import { createRoute } from "@tanstack/react-router";
import { MessageSquareWarning } from "lucide-react";
import { lazyPage, type Page } from "@/app/page";
import { shellRoute } from "@/app/routes";
import { searchOf } from "@/lib/address";
import { NEW_SEARCH, SEARCH } from "./search";

const list = createRoute({
  getParentRoute: () => shellRoute,
  path: "/tickets",
  validateSearch: searchOf(SEARCH),
  component: lazyPage(() => import("./page"), "tickets"),
});

const made = createRoute({
  getParentRoute: () => shellRoute,
  path: "/tickets/new",
  validateSearch: searchOf(NEW_SEARCH),
  component: lazyPage(() => import("./new"), "tickets"),
});

const one = createRoute({
  getParentRoute: () => shellRoute,
  path: "/tickets/$ticket",
  component: lazyPage(() => import("./ticket"), "tickets"),
});

export const page = {
  routes: [list, made, one],
  navigation: [{ name: "tickets", to: "/tickets", icon: MessageSquareWarning, group: "use" }],
} as const satisfies Page;
