import { createRoute } from "@tanstack/react-router";
import { ShieldCheck } from "lucide-react";
import { lazyPage, type Page } from "@/app/page";
import { shellRoute } from "@/app/routes";
import { searchOf } from "@/lib/address";
import { SEARCH } from "./search";

const route = createRoute({
  getParentRoute: () => shellRoute,
  path: "/governance",
  validateSearch: searchOf(SEARCH),
  component: lazyPage(() => import("./page"), "governance"),
});

export const page = {
  routes: [route],
  navigation: [{ name: "governance", to: "/governance", icon: ShieldCheck, group: "govern" }],
} as const satisfies Page;
