import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { answer, api } from "@/api/client";
import { t } from "@/i18n/texts";
import { userLink } from "@/lib/links";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Input, Select } from "@/ui/field";
import { Failed } from "@/ui/state";
import { KINDS } from "./search";
import { newPassword, Secret } from "./secret";

type Kind = (typeof KINDS)[number];

/** Add a user with a password that is shown once, or a service or an agent with who answers for it. */
export function NewUser({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const router = useRouter();
  const [kind, setKind] = useState<Kind>("user");
  const [name, setName] = useState("");
  const [owner, setOwner] = useState("");
  const [password] = useState(newPassword);
  const add = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/users", {
          body:
            kind === "user"
              ? { name: name.trim(), owner: null, password }
              : { name: `${kind}:${name.trim()}`, owner: owner.trim(), password: null },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["users"] }),
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  const made = add.data;
  const page = made ? userLink(made.kind === "user" ? made.name : made.id) : "";
  return (
    <Dialog
      isOpen
      onOpen={onClose}
      title={made ? t("people.added", { name: made.name }) : t("people.addUser")}
      description={made ? undefined : t("people.addDetail")}
      actions={
        made ? (
          <>
            <Button onClick={() => void router.navigate({ href: page })}>{t("people.toPage")}</Button>
            <Button kind="primary" onClick={onClose}>
              {t("people.done")}
            </Button>
          </>
        ) : (
          <Button kind="primary" type="submit" form="new-user" disabled={add.isPending}>
            {t("people.add")}
          </Button>
        )
      }
    >
      {made ? (
        made.kind === "user" ? (
          <Secret text={password} label={t("people.password")}>
            {t("people.passwordOnce", { name: made.name })}
          </Secret>
        ) : (
          <p className="text-sm text-ink-2">{t("people.tokenNext")}</p>
        )
      ) : (
        <form id="new-user" onSubmit={onSubmit} className="space-y-3">
          <Field label={t("people.kind")} hint={t(`people.about.${kind}`)}>
            <Select
              value={kind}
              onChange={(event) => setKind(KINDS.find((one) => one === event.target.value) ?? "user")}
            >
              {KINDS.map((one) => (
                <option key={one} value={one}>
                  {t(`people.kind.${one}`)}
                </option>
              ))}
            </Select>
          </Field>
          <Field label={t("people.name")} hint={t("people.nameHint")}>
            <Input
              required
              maxLength={60}
              autoComplete="off"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
          {kind === "user" ? null : (
            <Field label={t("people.owner")} hint={t(`people.ownerHint.${kind}`)}>
              <Input
                required
                maxLength={80}
                autoComplete="off"
                value={owner}
                onChange={(event) => setOwner(event.target.value)}
              />
            </Field>
          )}
          {add.isError ? <Failed error={add.error} /> : null}
        </form>
      )}
    </Dialog>
  );
}
