import { useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { t } from "@/i18n/texts";
import { userLink } from "@/lib/links";
import { Button } from "@/ui/button";
import { Field, Select } from "@/ui/field";
import { FormDialog } from "@/ui/form-dialog";
import { useChange } from "./change";
import { KINDS } from "./search";
import { newPassword, Secret } from "./secret";
import { TextField } from "./text-field";

type Kind = (typeof KINDS)[number];

/** Add a user with a password that is shown once, or a service or an agent with who answers for it. */
export function NewUser({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const [kind, setKind] = useState<Kind>("user");
  const [name, setName] = useState("");
  const [owner, setOwner] = useState("");
  const [password] = useState(newPassword);
  const add = useChange(() =>
    answer(
      api.POST("/api/v1/users", {
        body:
          kind === "user"
            ? { name: name.trim(), owner: null, password }
            : { name: `${kind}:${name.trim()}`, owner: owner.trim(), password: null },
      }),
    ),
  );
  const made = add.data;
  const page = made ? userLink(made.kind === "user" ? made.name : made.id) : "";
  return (
    <FormDialog
      id="new-user"
      title={made ? t("people.added", { name: made.name }) : t("people.addUser")}
      description={made ? undefined : t("people.addDetail")}
      submit={t("people.add")}
      sending={add}
      onSubmit={() => add.mutate([])}
      onClose={onClose}
      made={
        made && {
          shown:
            made.kind === "user" ? (
              <Secret text={password} label={t("people.password")}>
                {t("people.passwordOnce", { name: made.name })}
              </Secret>
            ) : (
              <p className="text-sm text-ink-2">{t("people.tokenNext")}</p>
            ),
          actions: (
            <>
              <Button onClick={() => void router.navigate({ href: page })}>{t("people.toPage")}</Button>
              <Button kind="primary" onClick={onClose}>
                {t("people.done")}
              </Button>
            </>
          ),
        }
      }
    >
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
      <TextField
        label={t("people.name")}
        hint={t("people.nameHint")}
        longest={60}
        value={name}
        onChange={setName}
      />
      {kind === "user" ? null : (
        <TextField
          label={t("people.owner")}
          hint={t(`people.ownerHint.${kind}`)}
          longest={80}
          value={owner}
          onChange={setOwner}
        />
      )}
    </FormDialog>
  );
}
