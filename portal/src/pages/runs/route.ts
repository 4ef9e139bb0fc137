import { createRoute } from "@tanstack/react-router";
import { Activity } from "lucide-react";
import { lazyPage, type Page } from "@/app/page";
import { shellRoute } from "@/app/routes";
import { searchOf } from "@/lib/address";
import { SEARCH } from "./search";

const route = createRoute({
  getParentRoute: () => shellRoute,
  path: "/runs",
  validateSearch: searchOf(SEARCH),
  component: lazyPage(() => import("./page"), "runs"),
});

export const page = {
  routes: [route],
  navigation: [
    { name: "runs", to: "/runs", icon: Activity, group: "run", also: ["/releases", "/quarantine"] },
  ],
} as const satisfies Page;
