import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { ApiError, isCode } from "@/api/problem";
import { sessionQuery } from "@/api/queries";
import { Fault, NotFound, Pending } from "@/app/fault";
import { OPEN_PAGES, PAGES } from "@/app/pages";
import { rootRoute, shellRoute } from "@/app/routes";

// Fetched while the server is still asked who is signed in.
const frame = import("@/app/shell");
shellRoute.update({ component: lazyRouteComponent(() => frame, "Shell") });

const tree = rootRoute.addChildren([
  shellRoute.addChildren(PAGES.flatMap((page) => [...page.routes])),
  ...OPEN_PAGES.flatMap((page) => [...page.routes]),
]);

/** Ask who is signed in once more when the server says nobody is: a session ends, is revoked, or was never there. */
function onError(error: unknown): void {
  const isInside = router.state.matches.some((match) => match.routeId === shellRoute.id);
  if (isInside && isCode(error, "not_signed_in")) {
    queryClient.removeQueries({ queryKey: sessionQuery.queryKey });
    void router.invalidate();
  }
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // What was refused stays refused; what did not come through may come the second time.
      retry: (failures, error) => failures < 1 && error instanceof ApiError && error.isPassing,
      refetchOnWindowFocus: false,
    },
  },
});

export const router = createRouter({
  routeTree: tree,
  context: { queryClient },
  defaultPreload: "intent",
  defaultPendingMs: 150,
  defaultPendingMinMs: 0,
  defaultPendingComponent: Pending,
  defaultErrorComponent: Fault,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
