// What the pages about requests and agreements ask the server.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, api, type Shape } from "@/api/client";
import type { Predicate } from "./predicate";

export type Request = Shape<"RequestFacts">;
export type Agreement = Shape<"AgreementFacts">;
export type Preview = Shape<"PreviewFacts">;
const MOST = 200;

export const requestsQuery = (which: "own" | "waiting") =>
  queryOptions({
    queryKey: ["requests", which],
    queryFn: async () =>
      (await answer(api.GET("/api/v1/requests", { params: { query: { [which]: true, limit: MOST } } })))
        .requests,
  });

export const requestQuery = (id: string) =>
  queryOptions({
    queryKey: ["requests", "one", id],
    queryFn: () => answer(api.GET("/api/v1/requests/{request_id}", { params: { path: { request_id: id } } })),
  });

export const requestPreviewQuery = (id: string) =>
  queryOptions({
    queryKey: ["requests", "preview", id],
    queryFn: () =>
      answer(api.GET("/api/v1/requests/{request_id}/preview", { params: { path: { request_id: id } } })),
  });

export const agreementsQuery = (which: "own" | "due") =>
  queryOptions({
    queryKey: ["agreements", which],
    queryFn: async () =>
      (await answer(api.GET("/api/v1/agreements", { params: { query: { [which]: true, limit: MOST } } })))
        .agreements,
  });

export const agreementQuery = (id: string) =>
  queryOptions({
    queryKey: ["agreements", "one", id],
    queryFn: () =>
      answer(api.GET("/api/v1/agreements/{agreement_id}", { params: { path: { agreement_id: id } } })),
  });

/** Everything that happened to a request and to the agreement that it became, oldest first. */
export const historyQuery = (id: string) =>
  queryOptions({
    queryKey: ["agreements", "history", id],
    queryFn: async () =>
      (
        await answer(
          api.GET("/api/v1/agreements/{agreement_id}/history", { params: { path: { agreement_id: id } } }),
        )
      ).history,
  });

/** Which agreements nobody used in the last days, and which of their columns. */
export const suggestionsQuery = (days: number) =>
  queryOptions({
    queryKey: ["agreements", "suggestions", days],
    queryFn: async () =>
      (await answer(api.GET("/api/v1/agreements/suggestions", { params: { query: { days } } }))).suggestions,
  });

/** What a request that is not made yet asks for. */
export interface Draft {
  dataset: string;
  columns: readonly string[];
  rows: Predicate | null;
  purpose: string;
  grantee: string | undefined;
  until: string;
}

/** What a request would give, before it is made. */
export const previewQuery = ({ dataset, columns, rows, purpose, grantee, until }: Draft) => {
  const place = dataset.indexOf(".");
  const path = { domain: dataset.slice(0, place), dataset: dataset.slice(place + 1) };
  const query = {
    purpose,
    grantee,
    until,
    column: [...columns],
    rows: rows ? JSON.stringify(rows) : undefined,
  };
  return queryOptions({
    queryKey: ["requests", "would", path, query],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/datasets/{domain}/{dataset}/preview", { params: { path, query }, signal })),
  });
};

interface Changes {
  narrow: Shape<"Narrowing">;
  reassess: Shape<"Reassessment">;
  renew: Shape<"Renewal">;
  revoke: Shape<"Revocation">;
}

/** Change an agreement: give less, let it last longer, say that it is needed, or end it. */
export function changeAgreement(id: string, change: keyof Changes, terms: Changes): Promise<Agreement> {
  const params = { path: { agreement_id: id } };
  switch (change) {
    case "narrow":
      return answer(api.POST("/api/v1/agreements/{agreement_id}/narrowing", { params, body: terms.narrow }));
    case "reassess":
      return answer(
        api.POST("/api/v1/agreements/{agreement_id}/reassessment", { params, body: terms.reassess }),
      );
    case "renew":
      return answer(api.POST("/api/v1/agreements/{agreement_id}/renewal", { params, body: terms.renew }));
    case "revoke":
      return answer(api.POST("/api/v1/agreements/{agreement_id}/revocation", { params, body: terms.revoke }));
  }
}
