import { createRoute, redirect } from "@tanstack/react-router";
import { ShieldCheck } from "lucide-react";
import { lazyPage, type Page } from "@/app/page";
import { shellRoute } from "@/app/routes";
import { searchOf } from "@/lib/address";
import { SEARCH } from "./search";

const quality = createRoute({
  getParentRoute: () => shellRoute,
  path: "/quality",
  validateSearch: searchOf(SEARCH),
  component: lazyPage(() => import("./page"), "quality"),
});

const status = createRoute({
  getParentRoute: () => shellRoute,
  path: "/status",
  beforeLoad: () => {
    throw redirect({ to: "/quality" });
  },
});

const incident = createRoute({
  getParentRoute: () => shellRoute,
  path: "/incidents/$incident",
  component: lazyPage(() => import("./incident-page"), "quality"),
});

export const page = {
  routes: [quality, status, incident],
  navigation: [
    { name: "quality", to: "/quality", icon: ShieldCheck, group: "run", also: ["/incidents", "/status"] },
  ],
} as const satisfies Page;
