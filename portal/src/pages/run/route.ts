import { createRoute } from "@tanstack/react-router";
import { lazyPage, type Page } from "@/app/page";
import { shellRoute } from "@/app/routes";
import { searchOf } from "@/lib/address";
import { SEARCH } from "./search";

const route = createRoute({
  getParentRoute: () => shellRoute,
  path: "/runs/$run",
  validateSearch: searchOf(SEARCH),
  component: lazyPage(() => import("./page"), "run", "runs"),
});

export const page = { routes: [route] } as const satisfies Page;
