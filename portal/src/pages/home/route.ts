import { createRoute, redirect } from "@tanstack/react-router";
import type { Page } from "@/app/page";
import { shellRoute } from "@/app/routes";

const route = createRoute({
  getParentRoute: () => shellRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/catalog" });
  },
});

export const page = { routes: [route] } as const satisfies Page;
