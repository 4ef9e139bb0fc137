import { createRoute } from "@tanstack/react-router";
import { SquareTerminal } from "lucide-react";
import { lazyPage, type Page } from "@/app/page";
import { shellRoute } from "@/app/routes";
import { searchOf } from "@/lib/address";
import { SEARCH } from "./search";

const route = createRoute({
  getParentRoute: () => shellRoute,
  path: "/sql",
  validateSearch: searchOf(SEARCH),
  component: lazyPage(() => import("./page"), "sql"),
});

export const page = {
  routes: [route],
  navigation: [{ name: "sql", to: "/sql", icon: SquareTerminal, group: "use" }],
} as const satisfies Page;
