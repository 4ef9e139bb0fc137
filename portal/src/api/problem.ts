import { t } from "@/i18n/texts";

/** The one shape of the server's errors (RFC 9457). */
export interface Problem {
  status: number;
  code: string;
  title: string;
  detail: string;
  hint: string | null;
  reasons: string[];
  request_id: string;
}

/** What a page is told when the server did not do what it was asked. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = "ApiError";
  }

  get code(): string {
    return this.problem.code;
  }

  /** Whether asking once more may help: a full server, a server that cannot be reached, a fault. */
  get isPassing(): boolean {
    return this.problem.status === 0 || this.problem.status === 429 || this.problem.status >= 500;
  }
}

/** Return what became of a request that got no answer. */
export function unreachable(): ApiError {
  return new ApiError({
    status: 0,
    code: "unreachable",
    title: t("shell.unreachable"),
    detail: t("shell.unreachableDetail"),
    hint: null,
    reasons: [],
    request_id: "",
  });
}

/** Return the error that an answer is, whatever stands in its body. */
export function problemOf(body: unknown, response: Response): ApiError {
  const said = typeof body === "object" && body !== null ? (body as Partial<Problem>) : {};
  return new ApiError({
    status: response.status,
    code: said.code ?? "unknown",
    title: said.title ?? t("shell.failed"),
    detail: said.detail ?? t("shell.failedDetail", { status: String(response.status) }),
    hint: said.hint ?? null,
    reasons: said.reasons ?? [],
    request_id: said.request_id ?? response.headers.get("x-request-id") ?? "",
  });
}

export function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof ApiError && codes.includes(error.code);
}
