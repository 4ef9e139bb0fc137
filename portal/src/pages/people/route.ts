import { createRoute } from "@tanstack/react-router";
import { Users } from "lucide-react";
import { lazyPage, type Page } from "@/app/page";
import { shellRoute } from "@/app/routes";
import { searchOf } from "@/lib/address";
import { SEARCH } from "./search";

const people = createRoute({
  getParentRoute: () => shellRoute,
  path: "/people",
  validateSearch: searchOf(SEARCH),
  component: lazyPage(() => import("./page"), "people"),
});

const user = createRoute({
  getParentRoute: () => shellRoute,
  path: "/users/$name",
  component: lazyPage(() => import("./user"), "people", "signIn"),
});

const team = createRoute({
  getParentRoute: () => shellRoute,
  path: "/teams/$team",
  component: lazyPage(() => import("./team"), "people"),
});

export const page = {
  routes: [people, user, team],
  navigation: [{ name: "people", to: "/people", icon: Users, group: "own", also: ["/users", "/teams"] }],
} as const satisfies Page;
