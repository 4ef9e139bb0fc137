import { createRoute } from "@tanstack/react-router";
import { BookA } from "lucide-react";
import { lazyPage, type Page } from "@/app/page";
import { shellRoute } from "@/app/routes";
import { searchOf } from "@/lib/address";
import { SEARCH } from "./search";

const route = createRoute({
  getParentRoute: () => shellRoute,
  path: "/glossary",
  validateSearch: searchOf(SEARCH),
  component: lazyPage(() => import("./page"), "glossary"),
});

export const page = {
  routes: [route],
  navigation: [{ name: "glossary", to: "/glossary", icon: BookA, group: "learn" }],
} as const satisfies Page;
