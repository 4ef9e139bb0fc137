import { createRoute } from "@tanstack/react-router";
import { GraduationCap } from "lucide-react";
import { lazyPage, type Page } from "@/app/page";
import { shellRoute } from "@/app/routes";
import { searchOf } from "@/lib/address";
import { SEARCH } from "./search";

const route = createRoute({
  getParentRoute: () => shellRoute,
  path: "/learn",
  validateSearch: searchOf(SEARCH),
  component: lazyPage(() => import("./page"), "learn"),
});

export const page = {
  routes: [route],
  navigation: [{ name: "learn", to: "/learn", icon: GraduationCap, group: "learn" }],
} as const satisfies Page;
