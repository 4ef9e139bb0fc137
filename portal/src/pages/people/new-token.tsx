import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, type Shape } from "@/api/client";
import { purposesQuery } from "@/api/queries";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { Button } from "@/ui/button";
import { Check, Field, NumberSelect, Select } from "@/ui/field";
import { FormDialog } from "@/ui/form-dialog";
import { useChange } from "./change";
import { ADMINISTERING, POWERS, SCOPES, USUAL } from "./scopes";
import { Secret } from "./secret";
import { TextField } from "./text-field";

const DAYS = [7, 30, 90, 365] as const;
const MINUTES = [15, 60, 240, 480] as const;

/** Issue a token: of one's own, or `of` a service or an agent. Its text is shown once. */
export function NewToken({ of, onClose }: { of?: string; onClose: () => void }) {
  const session = useSession();
  const purposes = useQuery(purposesQuery);
  const [label, setLabel] = useState("");
  const [scopes, setScopes] = useState<readonly string[]>(USUAL);
  const [roles, setRoles] = useState<readonly string[]>([]);
  const [purpose, setPurpose] = useState(session.purpose);
  const [days, setDays] = useState<number>(90);
  const [minutes, setMinutes] = useState<number>(60);
  const isPowerful = roles.length > 0 || scopes.some((scope) => POWERS.has(scope));
  // What decides or administers is put in by its user alone.
  const offered = SCOPES.filter(
    (scope) =>
      !(of && POWERS.has(scope)) && !(ADMINISTERING.has(scope) && !session.roles.includes("administrator")),
  );
  const issue = useChange(() =>
    answer(
      api.POST("/api/v1/tokens", {
        body: {
          principal: of ?? null,
          scopes: [...scopes],
          roles: roles as Shape<"Role">[],
          purpose,
          label: label.trim(),
          days: isPowerful ? null : days,
          minutes: isPowerful ? minutes : null,
        },
      }),
    ),
  );
  const toggle = (list: readonly string[], name: string, isOn: boolean) =>
    isOn ? [...list, name] : list.filter((one) => one !== name);
  const text = issue.data?.text;
  return (
    <FormDialog
      id="new-token"
      isWide
      title={text ? t("people.tokenIssued") : t("people.newToken")}
      description={of ? t("people.tokenOf", { name: of }) : t("people.tokenDetail")}
      submit={t("people.issue")}
      sending={issue}
      isReady={scopes.length > 0}
      onSubmit={() => issue.mutate([])}
      onClose={onClose}
      made={
        text !== undefined && {
          shown: (
            <Secret text={text} label={t("people.token")}>
              {t("people.tokenOnce")}
            </Secret>
          ),
          actions: (
            <Button kind="primary" onClick={onClose}>
              {t("people.done")}
            </Button>
          ),
        }
      }
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label={t("people.label")}
          hint={t("people.labelHint")}
          longest={80}
          value={label}
          onChange={setLabel}
        />
        <Field label={t("people.purpose")} hint={t("people.tokenPurposeHint")}>
          <Select value={purpose} onChange={(event) => setPurpose(event.target.value)}>
            {(purposes.data ?? [{ name: purpose }]).map((one) => (
              <option key={one.name}>{one.name}</option>
            ))}
          </Select>
        </Field>
        <Field label={t("people.lives")} hint={isPowerful ? t("people.powerfulHint") : undefined}>
          {isPowerful ? (
            <NumberSelect
              numbers={MINUTES}
              words={(count) => t("shell.minutes", { count })}
              value={minutes}
              onChoose={setMinutes}
            />
          ) : (
            <NumberSelect
              numbers={DAYS}
              words={(count) => t("people.days", { count })}
              value={days}
              onChoose={setDays}
            />
          )}
        </Field>
      </div>
      <fieldset className="space-y-2">
        <legend className="mb-1 text-xs font-medium text-ink-2">{t("people.allows")}</legend>
        <div className="grid gap-2 sm:grid-cols-2">
          {offered.map((scope) => (
            <Check
              key={scope}
              label={t(`people.scope.${scope}`)}
              hint={<code className="font-mono">{scope}</code>}
              checked={scopes.includes(scope)}
              onChange={(event) => setScopes(toggle(scopes, scope, event.target.checked))}
            />
          ))}
        </div>
      </fieldset>
      {!of && session.roles.length ? (
        <fieldset className="space-y-2">
          <legend className="mb-1 text-xs font-medium text-ink-2">{t("people.tokenRoles")}</legend>
          {session.roles.map((role) => (
            <Check
              key={role}
              label={t(`shell.role.${role}` as "shell.role.auditor")}
              checked={roles.includes(role)}
              onChange={(event) => setRoles(toggle(roles, role, event.target.checked))}
            />
          ))}
        </fieldset>
      ) : null}
    </FormDialog>
  );
}
