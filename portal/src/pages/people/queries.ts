// What the pages about people ask the server.
import { queryOptions } from "@tanstack/react-query";
import { answer, api, type Shape } from "@/api/client";

export type Account = Shape<"AccountFacts">;
export type Team = Shape<"TeamFacts">;
export type Token = Shape<"TokenFacts">;
export type Session = Shape<"SessionFacts">;

export const usersQuery = queryOptions({
  queryKey: ["users"],
  queryFn: async () => (await answer(api.GET("/api/v1/users"))).users,
});

export const userQuery = (name: string) =>
  queryOptions({
    queryKey: ["users", name],
    queryFn: () => answer(api.GET("/api/v1/users/{name}", { params: { path: { name } } })),
  });

export const userTokensQuery = (name: string) =>
  queryOptions({
    queryKey: ["users", name, "tokens"],
    queryFn: async () =>
      (await answer(api.GET("/api/v1/users/{name}/tokens", { params: { path: { name } } }))).tokens,
  });

export const userSessionsQuery = (name: string) =>
  queryOptions({
    queryKey: ["users", name, "sessions"],
    queryFn: async () =>
      (await answer(api.GET("/api/v1/users/{name}/sessions", { params: { path: { name } } }))).sessions,
  });

export const userIdentitiesQuery = (name: string) =>
  queryOptions({
    queryKey: ["users", name, "identities"],
    queryFn: async () =>
      (await answer(api.GET("/api/v1/users/{name}/identities", { params: { path: { name } } }))).identities,
  });

export const teamsQuery = queryOptions({
  queryKey: ["teams"],
  queryFn: async () => (await answer(api.GET("/api/v1/teams"))).teams,
});

export const teamQuery = (team: string) =>
  queryOptions({
    queryKey: ["teams", team],
    queryFn: () => answer(api.GET("/api/v1/teams/{team}", { params: { path: { team } } })),
  });

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: async () => (await answer(api.GET("/api/v1/sessions"))).sessions,
});

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: async () => (await answer(api.GET("/api/v1/tokens"))).tokens,
});

/** What changes of people make old; one's own teams and roles among them, which the session tells. */
export const PEOPLE_KEYS = ["users", "teams", "tokens", "sessions", "roles", "session"] as const;
