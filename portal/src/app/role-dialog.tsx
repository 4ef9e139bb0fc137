import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { answer, api, keepProof, type Shape } from "@/api/client";
import { rolesQuery, sessionQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { formatMoment } from "@/lib/format";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Input, NumberSelect, Select } from "@/ui/field";
import { Failed, Loaded } from "@/ui/state";

type Role = Shape<"Role">;
const MINUTES = [30, 60, 240, 480] as const;
const roleName = (role: Role) => t(`shell.role.${role}` as "shell.role.auditor");

/** Take over a role for some time, with a reason that is recorded; or give it back. */
export default function RoleDialog({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const router = useRouter();
  const roles = useQuery(rolesQuery);
  const [minutes, setMinutes] = useState<number>(60);
  // A role counts once the session has another secret.
  const renewed = async () => {
    keepProof((await answer(api.POST("/api/v1/session/renewal"))).csrf);
    await queryClient.invalidateQueries();
    await queryClient.refetchQueries({ queryKey: sessionQuery.queryKey });
    await router.invalidate();
  };
  const take = useMutation({
    mutationFn: (wanted: { role: Role; reason: string }) =>
      answer(api.POST("/api/v1/roles", { body: { ...wanted, minutes } })),
    onSuccess: async () => {
      await renewed();
      onClose();
    },
  });
  const end = useMutation({
    mutationFn: (role: Role) => answer(api.DELETE("/api/v1/roles/{role}", { params: { path: { role } } })),
    onSuccess: renewed,
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    take.mutate({ role: String(form.get("role")) as Role, reason: String(form.get("reason")) });
  };
  return (
    <Dialog isOpen onOpen={onClose} title={t("shell.roles")} description={t("shell.rolesDetail")}>
      <Loaded query={roles}>
        {({ eligible, taken }) => (
          <div className="space-y-4">
            {taken.map((one) => (
              <div
                key={one.role}
                className="flex items-center gap-2 rounded-md bg-info-soft px-3 py-2 text-sm"
              >
                <span className="flex-1">
                  {t("shell.roleTaken", { role: roleName(one.role), time: formatMoment(one.until) })}
                </span>
                <Button size="small" onClick={() => end.mutate(one.role)} disabled={end.isPending}>
                  {t("shell.endRole")}
                </Button>
              </div>
            ))}
            {end.isError ? <Failed error={end.error} /> : null}
            {eligible.length ? (
              <form onSubmit={onSubmit} className="space-y-3">
                <Field label={t("shell.whichRole")}>
                  <Select name="role" required>
                    {eligible.map((role) => (
                      <option key={role} value={role}>
                        {roleName(role)}
                      </option>
                    ))}
                  </Select>
                </Field>
                <Field label={t("shell.howLong")}>
                  <NumberSelect
                    numbers={MINUTES}
                    words={(count) => t("shell.minutes", { count })}
                    value={minutes}
                    onChoose={setMinutes}
                  />
                </Field>
                <Field label={t("shell.whyRole")} hint={t("shell.whyRoleHint")}>
                  <Input name="reason" required maxLength={500} autoComplete="off" />
                </Field>
                {take.isError ? <Failed error={take.error} /> : null}
                <Button kind="primary" type="submit" disabled={take.isPending}>
                  {t("shell.takeRole")}
                </Button>
              </form>
            ) : (
              <p className="text-sm text-ink-2">{t("shell.noRoles")}</p>
            )}
          </div>
        )}
      </Loaded>
    </Dialog>
  );
}
