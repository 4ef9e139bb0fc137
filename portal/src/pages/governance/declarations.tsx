import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, once, type Shape } from "@/api/client";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { split } from "@/lib/address";
import { shortName } from "@/lib/principal";
import { Status } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Panel } from "@/ui/panel";
import { Loaded } from "@/ui/state";
import { Table } from "@/ui/table";
import { Time } from "@/ui/time";
import { say } from "@/ui/toast";
import { declarationsQuery } from "./queries";

type Declaration = Shape<"DeclarationFacts">;

/** What owners declared about columns, also what they took back. */
export function Declarations() {
  const declarations = useQuery(declarationsQuery);
  const { domains, actions } = useSession();
  const [withdrawn, setWithdrawn] = useState<Declaration>();
  const mayWithdraw = (one: Declaration) =>
    one.withdrawn_at === null &&
    actions.includes("tag:declare") &&
    domains.includes(split(one.dataset).domain);
  return (
    <Panel title={t("governance.declarations")} isFlush>
      <Loaded query={declarations}>
        {(found) =>
          found.length ? (
            <Table
              label={t("governance.declarations")}
              rows={found}
              rowKey={(one) => one.id}
              columns={[
                {
                  id: "column",
                  head: t("governance.column"),
                  value: (one) => `${one.dataset}.${one.column}`,
                  cell: (one) => (
                    <span className="font-mono text-xs break-words">
                      {one.dataset}.{one.column}
                    </span>
                  ),
                },
                {
                  id: "says",
                  head: t("governance.says"),
                  cell: (one) => (
                    <div>
                      {one.tag
                        ? t("governance.doesNotCarry", { tag: one.tag })
                        : t("governance.isOf", { classification: one.classification ?? "" })}
                      <p className="text-xs text-ink-2">{one.reason}</p>
                    </div>
                  ),
                },
                {
                  id: "by",
                  head: t("governance.by"),
                  hiddenBelow: "sm",
                  cell: (one) => (
                    <span>
                      {shortName(one.declared_by)} · <Time at={one.declared_at} />
                    </span>
                  ),
                },
                {
                  id: "state",
                  head: t("governance.state"),
                  cell: (one) =>
                    one.withdrawn_at ? (
                      <Status tone="plain">{t("governance.withdrawn")}</Status>
                    ) : (
                      <span className="flex flex-wrap items-center gap-2">
                        <Status tone="ok">{t("governance.holds")}</Status>
                        {mayWithdraw(one) ? (
                          <Button
                            size="small"
                            kind="quiet"
                            aria-label={`${t("governance.withdraw")}: ${one.dataset}.${one.column}`}
                            onClick={() => setWithdrawn(one)}
                          >
                            {t("governance.withdraw")}
                          </Button>
                        ) : null}
                      </span>
                    ),
                },
              ]}
            />
          ) : (
            <p className="px-4 py-3 text-sm text-ink-2">{t("governance.noDeclarations")}</p>
          )
        }
      </Loaded>
      {withdrawn ? <Withdrawal one={withdrawn} onClose={() => setWithdrawn(undefined)} /> : null}
    </Panel>
  );
}

function Withdrawal({ one, onClose }: { one: Declaration; onClose: () => void }) {
  const queryClient = useQueryClient();
  const withdraw = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/declarations/{id}/withdrawal", {
          params: { path: { id: one.id } },
          headers: once(),
        }),
      ),
    onSuccess: async () => {
      await queryClient.invalidateQueries();
      void say(t("governance.withdrawnNow"));
      onClose();
    },
  });
  return (
    <Confirm
      title={t("governance.withdrawTitle", { column: `${one.dataset}.${one.column}` })}
      description={t("governance.withdrawDetail")}
      leave={t("governance.cancel")}
      action={t("governance.withdraw")}
      doing={withdraw}
      onConfirm={() => withdraw.mutate()}
      onClose={onClose}
    >
      <p className="text-sm">{one.reason}</p>
    </Confirm>
  );
}
