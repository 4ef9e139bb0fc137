import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { answer, api, type Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { useNewPassword } from "@/pages/sign-in/new-password";
import { Password } from "@/pages/sign-in/password";
import { Button } from "@/ui/button";
import { Failed } from "@/ui/state";

/** Another password; all of one's sessions end with it, and one signs in again. */
export function ChangePassword({ name }: { name: string }) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const { fields, read } = useNewPassword();
  const change = useMutation({
    mutationFn: (body: Shape<"ChangedPassword">) => answer(api.PUT("/api/v1/me/password", { body })),
    onSuccess: async () => {
      await router.navigate({ to: "/sign-in", search: { name, to: "/account" } });
      queryClient.clear();
    },
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const password = read(form);
    if (password !== undefined) change.mutate({ current: String(form.get("current")), password });
  };
  return (
    <form onSubmit={onSubmit} className="space-y-3">
      <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
      <Password name="current" label={t("people.currentPassword")} autoComplete="current-password" />
      {fields}
      {change.isError ? <Failed error={change.error} /> : null}
      <p className="text-xs text-ink-2">{t("people.passwordEnds")}</p>
      <Button type="submit" disabled={change.isPending}>
        {t("people.changePassword")}
      </Button>
    </form>
  );
}
