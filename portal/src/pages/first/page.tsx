import { useMutation } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { answer, api, type Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { Doorway } from "@/pages/sign-in/doorway";
import { useNewPassword } from "@/pages/sign-in/new-password";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { useTitle } from "@/ui/page";
import { Failed } from "@/ui/state";

/** The first administrator, made with the link that the server printed when it started. */
export function Page() {
  const router = useRouter();
  // What follows the # never reaches a server or its log; it leaves the address, and the history with it.
  const [given] = useState(() => location.hash.slice(1));
  const { fields, read } = useNewPassword();
  useTitle(t("signIn.firstTitle"));
  useEffect(() => {
    if (given) history.replaceState(history.state, "", location.pathname);
  }, [given]);
  const accept = useMutation({
    mutationFn: (asked: Shape<"First">) => answer(api.POST("/api/v1/first", { body: asked })),
    onSuccess: (_, { name }) => router.navigate({ to: "/sign-in", search: { name } }),
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const password = read(form);
    if (password === undefined) return;
    accept.mutate({ invitation: String(form.get("invitation")), name: String(form.get("name")), password });
  };
  return (
    <Doorway title={t("signIn.firstTitle")} lead={t("signIn.firstLead")}>
      <form className="space-y-4" onSubmit={onSubmit}>
        {given ? (
          <input type="hidden" name="invitation" value={given} />
        ) : (
          <Field label={t("signIn.invitation")} hint={t("signIn.invitationHint")}>
            <Input name="invitation" required autoComplete="off" maxLength={200} />
          </Field>
        )}
        <Field label={t("signIn.name")}>
          <Input name="name" required autoComplete="username" maxLength={80} />
        </Field>
        {fields}
        {accept.isError ? <Failed error={accept.error} /> : null}
        <Button kind="primary" type="submit" className="w-full" disabled={accept.isPending}>
          {t("signIn.firstSubmit")}
        </Button>
      </form>
    </Doorway>
  );
}
