import { createRoute } from "@tanstack/react-router";
import { lazyPage, type Page } from "@/app/page";
import { shellRoute } from "@/app/routes";
import { searchOf } from "@/lib/address";
import { SEARCH } from "./search";

const route = createRoute({
  getParentRoute: () => shellRoute,
  path: "/products/$domain/$product",
  validateSearch: searchOf(SEARCH),
  component: lazyPage(() => import("./page"), "product", "quality", "usage"),
});

export const page = { routes: [route] } as const satisfies Page;
