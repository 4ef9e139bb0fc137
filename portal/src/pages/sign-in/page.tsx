import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { answer, api, keepProof, type Shape } from "@/api/client";
import { isCode } from "@/api/problem";
import { purposesQuery, sessionQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { useTitle } from "@/ui/page";
import { Failed, Loaded } from "@/ui/state";
import { Doorway } from "./doorway";
import { Password } from "./password";
import { PurposeChoice, rememberPurpose } from "./purpose-choice";
import { SEARCH } from "./search";

/** Sign in with a password, or with the organisation's own provider; for one purpose. */
export function Page() {
  const [{ to = "/", name }] = useAddress(SEARCH);
  const router = useRouter();
  const queryClient = useQueryClient();
  const purposes = useQuery(purposesQuery);
  const provider = useQuery({
    queryKey: ["provider"],
    retry: false,
    queryFn: async () => {
      try {
        return (await answer(api.GET("/api/v1/session/oidc"))).issuer;
      } catch (error) {
        // Without one there is nothing at its address.
        if (isCode(error, "not_found")) return null;
        throw error;
      }
    },
  });
  const [purpose, setPurpose] = useState<string>();
  useTitle(t("signIn.title"));
  const signIn = useMutation({
    mutationFn: (asked: Shape<"SignIn">) => answer(api.POST("/api/v1/session", { body: asked })),
    onSuccess: async (session) => {
      rememberPurpose(session.purpose);
      queryClient.clear();
      keepProof(session.csrf);
      await queryClient.prefetchQuery(sessionQuery);
      await router.navigate({ href: to, replace: true });
    },
  });
  const goOutside = useMutation({
    mutationFn: (chosen: string) =>
      answer(
        api.POST("/api/v1/session/oidc", { body: { purpose: chosen, return_to: to, is_linking: false } }),
      ),
    onSuccess: ({ url }) => location.assign(url),
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>, chosen: string) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    signIn.mutate({
      name: String(form.get("name")),
      password: String(form.get("password")),
      purpose: chosen,
    });
  };
  return (
    <Doorway title={t("signIn.title")} lead={name ? t("signIn.again") : t("signIn.lead")}>
      <Loaded query={purposes}>
        {(known) => {
          const chosen = purpose ?? PurposeChoice.first(known);
          return (
            <form className="space-y-4" onSubmit={(event) => onSubmit(event, chosen)}>
              <Field label={t("signIn.name")}>
                <Input
                  name="name"
                  autoComplete="username"
                  required
                  defaultValue={name}
                  autoFocus={!name}
                  maxLength={200}
                />
              </Field>
              <Password
                name="password"
                label={t("signIn.password")}
                autoComplete="current-password"
                autoFocus={!!name}
              />
              <PurposeChoice purposes={known} chosen={chosen} onChoose={setPurpose} />
              {signIn.isError ? <Failed error={signIn.error} /> : null}
              {goOutside.isError ? <Failed error={goOutside.error} /> : null}
              <Button kind="primary" type="submit" className="w-full" disabled={signIn.isPending}>
                {t("signIn.submit")}
              </Button>
              {provider.data ? (
                <Button
                  className="w-full"
                  disabled={goOutside.isPending}
                  onClick={() => goOutside.mutate(chosen)}
                >
                  <KeyRound aria-hidden />
                  {t("signIn.provider", { provider: new URL(provider.data).host })}
                </Button>
              ) : null}
            </form>
          );
        }}
      </Loaded>
    </Doorway>
  );
}
