// The two routes around all pages. What they show is added in router.tsx: pages may not wait for the frame.
import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, redirect } from "@tanstack/react-router";
import { isCode } from "@/api/problem";
import { sessionQuery } from "@/api/queries";
import { FRAME, searchOf } from "@/lib/address";

export const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({});

/** Pages for whoever is signed in; others sign in first, and come back to where they wanted to go. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "shell",
  validateSearch: searchOf(FRAME),
  beforeLoad: async ({ context, location }) => {
    try {
      return { session: await context.queryClient.ensureQueryData(sessionQuery) };
    } catch (error) {
      if (!isCode(error, "not_signed_in")) throw error;
      const to = location.href === "/" ? undefined : location.href;
      throw redirect({ to: "/sign-in", search: { to } });
    }
  },
});
