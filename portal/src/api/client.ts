// The one way to the server: typed by its description, with the session's proof, and with errors of one shape.
import createClient, { type Middleware } from "openapi-fetch";
import { problemOf, unreachable } from "@/api/problem";
import type { components, paths } from "@/api/schema";

/** A shape of the API by its name: `Shape<"ProductFacts">`. */
export type Shape<Name extends keyof components["schemas"]> = components["schemas"][Name];

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);
let csrf = "";

/** Keep what proves that a change comes from a page of ours: only the session's own pages know it. */
export function keepProof(proof: string): void {
  csrf = proof;
}

const proving: Middleware = {
  onRequest({ request }) {
    if (csrf && !SAFE.has(request.method)) request.headers.set("X-CSRF-Token", csrf);
    return request;
  },
};

/** `api.GET("/api/v1/products", …)`; go through `answer`, which throws what is no answer. */
export const api = createClient<paths>({
  credentials: "same-origin",
  // A list is `?state=open&state=held`.
  querySerializer: { array: { style: "form", explode: true } },
});
api.use(proving);

/** Return what the server answered, or throw an `ApiError`. */
export async function answer<Data>(
  asked: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Data> {
  const got = await asked.catch(() => {
    throw unreachable();
  });
  if (!got.response.ok) throw problemOf(got.error, got.response);
  return got.data as Data;
}

/** Return a header set that lets a change be sent twice and made once. */
export function once(): { "Idempotency-Key": string } {
  return { "Idempotency-Key": crypto.randomUUID() };
}
