import { createRoute } from "@tanstack/react-router";
import { lazyPage, type Page } from "@/app/page";
import { shellRoute } from "@/app/routes";

const route = createRoute({
  getParentRoute: () => shellRoute,
  path: "/agreements/$id",
  component: lazyPage(() => import("./page"), "access"),
});

export const page = { routes: [route] } as const satisfies Page;
