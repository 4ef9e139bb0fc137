import { createRoute } from "@tanstack/react-router";
import { lazyPage, type Page } from "@/app/page";
import { rootRoute } from "@/app/routes";
import { searchOf } from "@/lib/address";
import { SEARCH } from "./search";

const route = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: searchOf(SEARCH),
  component: lazyPage(() => import("./page"), "signIn"),
});

export const page = { routes: [route] } as const satisfies Page;
