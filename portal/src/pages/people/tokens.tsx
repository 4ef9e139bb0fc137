import type { ReactNode } from "react";
import { answer, api } from "@/api/client";
import { t } from "@/i18n/texts";
import { Badge, Status } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Empty, Failed } from "@/ui/state";
import { Table } from "@/ui/table";
import { Time } from "@/ui/time";
import { say } from "@/ui/toast";
import { useChange } from "./change";
import type { Token } from "./queries";

/** Return whether a token still opens anything. */
export function holds(token: Token, now = Date.now()): boolean {
  return token.revoked_at === null && Date.parse(token.until) > now;
}

/** Tokens with what they allow; those that still hold can be revoked. */
export function Tokens({ tokens, action }: { tokens: readonly Token[]; action?: ReactNode }) {
  const revoke = useChange(async (id: string) => {
    await answer(api.DELETE("/api/v1/tokens/{id}", { params: { path: { id } } }));
    void say(t("people.tokenRevoked"));
  });
  if (tokens.length === 0) {
    return (
      <Empty title={t("people.noTokens")} action={action}>
        {t("people.noTokensDetail")}
      </Empty>
    );
  }
  return (
    <>
      {revoke.isError ? <Failed error={revoke.error} /> : null}
      <Table
        label={t("people.tokens")}
        rows={tokens}
        rowKey={(one) => one.id}
        columns={[
          {
            id: "label",
            head: t("people.token"),
            cell: (one) => (
              <>
                <p className="font-medium wrap-anywhere">{one.label || t("people.noLabel")}</p>
                <p className="font-mono text-xs text-ink-3">{one.id}</p>
              </>
            ),
          },
          {
            id: "scopes",
            head: t("people.allows"),
            cell: (one) => (
              <span className="flex flex-wrap gap-1">
                {[...one.scopes, ...one.roles].map((scope) => (
                  <Badge key={scope}>{scope}</Badge>
                ))}
                <span className="w-full text-xs text-ink-3">
                  {t("people.forPurpose", { purpose: one.purpose })}
                </span>
              </span>
            ),
            hiddenBelow: "sm",
          },
          {
            id: "state",
            head: t("people.state"),
            cell: (one) => <TokenState token={one} />,
          },
          {
            id: "used",
            head: t("people.used"),
            cell: (one) => (one.used_at ? <Time at={one.used_at} /> : t("people.never")),
            hiddenBelow: "md",
          },
          {
            id: "revoke",
            head: <span className="sr-only">{t("people.revoke")}</span>,
            cell: (one) =>
              holds(one) ? (
                <Button
                  size="small"
                  kind="danger"
                  disabled={revoke.isPending}
                  aria-label={`${t("people.revoke")}: ${one.label || one.id}`}
                  onClick={() => revoke.mutate([one.id])}
                >
                  {t("people.revoke")}
                </Button>
              ) : null,
            className: "text-right",
          },
        ]}
      />
    </>
  );
}

function TokenState({ token }: { token: Token }) {
  if (token.revoked_at) return <Status tone="plain">{t("people.revoked")}</Status>;
  if (!holds(token)) return <Status tone="plain">{t("people.expired")}</Status>;
  return (
    <span className="text-xs text-ink-2">
      <Status tone="ok">{t("people.holds")}</Status> <Time at={token.until} />
    </span>
  );
}
