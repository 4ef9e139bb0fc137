import { createRoute } from "@tanstack/react-router";
import { KeyRound } from "lucide-react";
import { lazyPage, type Page } from "@/app/page";
import { shellRoute } from "@/app/routes";
import { searchOf } from "@/lib/address";
import { ASK, SEARCH } from "./search";

const list = createRoute({
  getParentRoute: () => shellRoute,
  path: "/requests",
  validateSearch: searchOf(SEARCH),
  component: lazyPage(() => import("./page"), "access"),
});

const ask = createRoute({
  getParentRoute: () => shellRoute,
  path: "/requests/new",
  validateSearch: searchOf(ASK),
  component: lazyPage(() => import("./ask"), "access"),
});

const one = createRoute({
  getParentRoute: () => shellRoute,
  path: "/requests/$id",
  component: lazyPage(() => import("./one"), "access"),
});

export const page = {
  routes: [list, ask, one],
  navigation: [
    {
      name: "requests",
      to: "/requests",
      icon: KeyRound,
      group: "use",
      also: ["/agreements", "/decide"],
      count: (session) => session.waiting_requests,
    },
  ],
} as const satisfies Page;
