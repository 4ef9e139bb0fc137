import { createRoute } from "@tanstack/react-router";
import { Bell } from "lucide-react";
import { lazyPage, type Page } from "@/app/page";
import { shellRoute } from "@/app/routes";
import { searchOf } from "@/lib/address";
import { SEARCH } from "./search";

const route = createRoute({
  getParentRoute: () => shellRoute,
  path: "/notifications",
  validateSearch: searchOf(SEARCH),
  component: lazyPage(() => import("./page"), "notifications"),
});

export const page = {
  routes: [route],
  navigation: [{ name: "notifications", to: "/notifications", icon: Bell, group: "own" }],
} as const satisfies Page;
