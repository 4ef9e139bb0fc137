import { KeyRound, UserCheck, UserX } from "lucide-react";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { t } from "@/i18n/texts";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Dialog } from "@/ui/dialog";
import { Failed } from "@/ui/state";
import { useChange } from "./change";
import type { Account } from "./queries";
import { newPassword, Secret } from "./secret";

/** What an administrator does with an account: keep it from being used, let it be used again, set its password. */
export function UserActions({ account }: { account: Account }) {
  const [asked, ask] = useState<"disable" | "password">();
  const params = { path: { name: account.id } };
  const enable = useChange(() => answer(api.POST("/api/v1/users/{name}/enable", { params })));
  return (
    <>
      {account.kind === "user" ? (
        <Button onClick={() => ask("password")}>
          <KeyRound aria-hidden />
          {t("people.resetPassword")}
        </Button>
      ) : null}
      {account.is_enabled ? (
        <Button kind="danger" onClick={() => ask("disable")}>
          <UserX aria-hidden />
          {t("people.disable")}
        </Button>
      ) : (
        <Button disabled={enable.isPending} onClick={() => enable.mutate([])}>
          <UserCheck aria-hidden />
          {t("people.enable")}
        </Button>
      )}
      {enable.isError ? <Failed error={enable.error} /> : null}
      {asked === "disable" ? <Disable account={account} onClose={() => ask(undefined)} /> : null}
      {asked === "password" ? <NewPassword account={account} onClose={() => ask(undefined)} /> : null}
    </>
  );
}

function Disable({ account, onClose }: { account: Account; onClose: () => void }) {
  const params = { path: { name: account.id } };
  const disable = useChange(async () => {
    await answer(api.POST("/api/v1/users/{name}/disable", { params }));
    onClose();
  });
  return (
    <Confirm
      title={t("people.disableWho", { name: account.name })}
      description={t("people.disableDetail")}
      leave={t("people.leave")}
      action={t("people.disable")}
      doing={disable}
      onConfirm={() => disable.mutate([])}
      onClose={onClose}
    />
  );
}

/** A new password that is made here, and shown once it is set. */
function NewPassword({ account, onClose }: { account: Account; onClose: () => void }) {
  const [password] = useState(newPassword);
  const set = useChange(() =>
    answer(
      api.PUT("/api/v1/users/{name}/password", {
        params: { path: { name: account.id } },
        body: { password },
      }),
    ),
  );
  return (
    <Dialog
      isOpen
      onOpen={onClose}
      title={t("people.resetWho", { name: account.name })}
      description={t("people.resetDetail")}
      actions={
        set.isSuccess ? (
          <Button kind="primary" onClick={onClose}>
            {t("people.done")}
          </Button>
        ) : (
          <Button kind="primary" disabled={set.isPending} onClick={() => set.mutate([])}>
            {t("people.resetNow")}
          </Button>
        )
      }
    >
      {set.isSuccess ? (
        <Secret text={password} label={t("people.password")}>
          {t("people.passwordOnce", { name: account.name })}
        </Secret>
      ) : null}
      {set.isError ? <Failed error={set.error} /> : null}
    </Dialog>
  );
}
