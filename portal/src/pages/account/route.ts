import { createRoute } from "@tanstack/react-router";
import { lazyPage, type Page } from "@/app/page";
import { shellRoute } from "@/app/routes";

const route = createRoute({
  getParentRoute: () => shellRoute,
  path: "/account",
  component: lazyPage(() => import("./page"), "people", "signIn"),
});

export const page = { routes: [route] } as const satisfies Page;
