import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api, type Shape } from "@/api/client";
import { purposesQuery } from "@/api/queries";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Check, Field, Input, Select } from "@/ui/field";
import { Failed } from "@/ui/state";
import { PEOPLE_KEYS } from "./queries";
import { ADMINISTERING, POWERS, SCOPES, USUAL } from "./scopes";
import { Secret } from "./secret";

const DAYS = [7, 30, 90, 365] as const;
const MINUTES = [15, 60, 240, 480] as const;

/** Issue a token: of one's own, or `of` a service or an agent. Its text is shown once. */
export function NewToken({ of, onClose }: { of?: string; onClose: () => void }) {
  const session = useSession();
  const queryClient = useQueryClient();
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
  const issue = useMutation({
    mutationFn: () =>
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
    onSuccess: () =>
      Promise.all(PEOPLE_KEYS.map((first) => queryClient.invalidateQueries({ queryKey: [first] }))),
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    issue.mutate();
  };
  const toggle = (list: readonly string[], name: string, isOn: boolean) =>
    isOn ? [...list, name] : list.filter((one) => one !== name);
  const text = issue.data?.text;
  return (
    <Dialog
      isOpen
      onOpen={onClose}
      isWide
      title={text ? t("people.tokenIssued") : t("people.newToken")}
      description={of ? t("people.tokenOf", { name: of }) : t("people.tokenDetail")}
      actions={
        text ? (
          <Button kind="primary" onClick={onClose}>
            {t("people.done")}
          </Button>
        ) : (
          <Button
            kind="primary"
            type="submit"
            form="new-token"
            disabled={issue.isPending || scopes.length === 0}
          >
            {t("people.issue")}
          </Button>
        )
      }
    >
      {text ? (
        <Secret text={text} label={t("people.token")}>
          {t("people.tokenOnce")}
        </Secret>
      ) : (
        <form id="new-token" onSubmit={onSubmit} className="space-y-4">
          <div className="grid gap-3 sm:grid-cols-2">
            <Field label={t("people.label")} hint={t("people.labelHint")}>
              <Input
                required
                maxLength={80}
                autoComplete="off"
                value={label}
                onChange={(event) => setLabel(event.target.value)}
              />
            </Field>
            <Field label={t("people.purpose")} hint={t("people.tokenPurposeHint")}>
              <Select value={purpose} onChange={(event) => setPurpose(event.target.value)}>
                {(purposes.data ?? [{ name: purpose }]).map((one) => (
                  <option key={one.name}>{one.name}</option>
                ))}
              </Select>
            </Field>
            <Field label={t("people.lives")} hint={isPowerful ? t("people.powerfulHint") : undefined}>
              {isPowerful ? (
                <Select value={minutes} onChange={(event) => setMinutes(Number(event.target.value))}>
                  {MINUTES.map((one) => (
                    <option key={one} value={one}>
                      {t("shell.minutes", { count: one })}
                    </option>
                  ))}
                </Select>
              ) : (
                <Select value={days} onChange={(event) => setDays(Number(event.target.value))}>
                  {DAYS.map((one) => (
                    <option key={one} value={one}>
                      {t("people.days", { count: one })}
                    </option>
                  ))}
                </Select>
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
          {issue.isError ? <Failed error={issue.error} /> : null}
        </form>
      )}
    </Dialog>
  );
}
