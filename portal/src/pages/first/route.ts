import { createRoute } from "@tanstack/react-router";
import { lazyPage, type Page } from "@/app/page";
import { rootRoute } from "@/app/routes";

const route = createRoute({
  getParentRoute: () => rootRoute,
  path: "/first",
  component: lazyPage(() => import("./page"), "signIn"),
});

export const page = { routes: [route] } as const satisfies Page;
