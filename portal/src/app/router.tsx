import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { ApiError, isCode } from "@/api/problem";
import { sessionQuery } from "@/api/queries";
import { OPEN_PAGES, PAGES } from "@/app/pages";
import { rootRoute, shellRoute } from "@/app/routes";

// Fetched while the server is still asked who is signed in, and before anything can fail.
const frame = import("@/app/shell");
const states = import("@/app/fault");
shellRoute.update({ component: lazyRouteComponent(() => frame, "Shell") });

const tree = rootRoute.addChildren([
  shellRoute.addChildren(PAGES.flatMap((page) => [...page.routes])),
  ...OPEN_PAGES.flatMap((page) => [...page.routes]),
]);

let isAsking = false;

/** Look whether the session still holds when the server says that nobody is signed in; if not, lead to signing in. */
async function onError(error: unknown): Promise<void> {
  const isInside = router.state.matches.some((match) => match.routeId === shellRoute.id);
  if (!isInside || isAsking || !isCode(error, "not_signed_in")) return;
  isAsking = true;
  try {
    await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
  } catch (ended) {
    if (isCode(ended, "not_signed_in")) {
      await router.navigate({ to: "/sign-in", search: { to: router.state.location.href } });
      // What the page to sign in has asked already would never be asked again; the rest goes when somebody signs in.
      queryClient.removeQueries({ type: "inactive" });
    }
  } finally {
    isAsking = false;
  }
}

export const queryClient = new QueryClient({
  // Whoever asks for the session itself leads to signing in: two would lead to two places.
  queryCache: new QueryCache({
    onError: (error, query) => (query.queryKey[0] === sessionQuery.queryKey[0] ? undefined : onError(error)),
  }),
  mutationCache: new MutationCache({
    onError,
    // Whatever somebody did may be what waited for them; it is asked for anew when they look, not while they sign out.
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ["home"], refetchType: "none" }),
  }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // What was refused stays refused; what did not come through may come the second time.
      retry: (failures, error) => failures < 1 && error instanceof ApiError && error.isPassing,
      refetchOnWindowFocus: false,
      // What the browser takes for being offline may still reach a server on this machine.
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

export const router = createRouter({
  routeTree: tree,
  context: { queryClient },
  defaultPreload: "intent",
  defaultPendingMs: 150,
  defaultPendingMinMs: 0,
  defaultPendingComponent: lazyRouteComponent(() => states, "Pending"),
  defaultErrorComponent: lazyRouteComponent(() => states, "Fault"),
  defaultNotFoundComponent: lazyRouteComponent(() => states, "NotFound"),
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
