import { createRoute } from "@tanstack/react-router";
import { Boxes } from "lucide-react";
import { lazyPage, type Page } from "@/app/page";
import { shellRoute } from "@/app/routes";
import { searchOf } from "@/lib/address";
import { SEARCH } from "./search";

const route = createRoute({
  getParentRoute: () => shellRoute,
  path: "/catalog",
  validateSearch: searchOf(SEARCH),
  component: lazyPage(() => import("./page"), "catalog"),
});

export const page = {
  routes: [route],
  navigation: [
    { name: "catalog", to: "/catalog", icon: Boxes, group: "find", also: ["/products", "/datasets"] },
  ],
} as const satisfies Page;
