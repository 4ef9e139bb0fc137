// What a token can allow; the server has the last word. Their words are `people.scope.<scope>`.

export const SCOPES = [
  "dataset:discover",
  "dataset:read",
  "agreement:request",
  "agreement:decide",
  "product:run",
  "product:publish",
  "incident:manage",
  "feedback:answer",
  "demand:read",
  "policy:explain",
  "audit:read",
  "metrics:read",
  "tag:declare",
  "account:manage",
  "role:take",
  "token:manage",
  "notification:manage",
  "team:manage",
  "user:manage",
] as const;
export type Scope = (typeof SCOPES)[number];

/** What decides, administers or changes an account: a token has it for hours, and only one of a user. */
export const POWERS: ReadonlySet<string> = new Set<Scope>([
  "account:manage",
  "agreement:decide",
  "notification:manage",
  "role:take",
  "tag:declare",
  "team:manage",
  "token:manage",
  "user:manage",
]);
/** What most programs need. */
export const USUAL: readonly Scope[] = ["dataset:discover", "dataset:read"];
/** What of it takes the role of the administrator, also with a token. */
export const ADMINISTERING: ReadonlySet<string> = new Set<Scope>([
  "notification:manage",
  "team:manage",
  "user:manage",
]);
