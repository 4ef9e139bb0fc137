import { createRoute } from "@tanstack/react-router";
import { House } from "lucide-react";
import { lazyPage, type Page } from "@/app/page";
import { shellRoute } from "@/app/routes";

const route = createRoute({
  getParentRoute: () => shellRoute,
  path: "/",
  component: lazyPage(() => import("./page"), "home"),
});

export const page = {
  routes: [route],
  navigation: [{ name: "home", to: "/", icon: House, group: "find" }],
} as const satisfies Page;
