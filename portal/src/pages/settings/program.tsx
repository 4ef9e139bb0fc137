import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api, once } from "@/api/client";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { formatMoment } from "@/lib/format";
import { Button } from "@/ui/button";
import { Code } from "@/ui/code";
import { Field, Input, NumberSelect } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Failed } from "@/ui/state";

const DAYS = [1, 7, 30, 90] as const;

/** A token for curl and other programs: whatever this portal does, they can do. */
export function Program() {
  const { purpose } = useSession();
  const [days, setDays] = useState<number>(7);
  const queryClient = useQueryClient();
  const issue = useMutation({
    mutationFn: (label: string) =>
      answer(
        api.POST("/api/v1/tokens", {
          headers: once(),
          body: { scopes: ["dataset:read", "dataset:discover"], purpose, label, days, roles: [] },
        }),
      ),
    // One's account lists it.
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["tokens"] }),
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    issue.mutate(String(new FormData(event.currentTarget).get("label")).trim());
  };
  const url = `${location.origin}/api/v1`;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Panel title={t("settings.token")}>
        <p className="mb-3 text-sm text-ink-2">{t("settings.tokenLead", { purpose })}</p>
        {issue.data ? (
          <div className="space-y-2" role="status">
            <p className="text-sm font-medium">
              {t("settings.tokenOnce", { time: formatMoment(issue.data.token.until) })}
            </p>
            <Code text={`export GHALA_TOKEN='${issue.data.text}'`} label={t("settings.copyToken")} />
            <Button onClick={() => issue.reset()}>{t("settings.tokenKept")}</Button>
          </div>
        ) : (
          <form onSubmit={onSubmit} className="space-y-3">
            <Field label={t("settings.tokenName")} hint={t("settings.tokenNameHint")}>
              <Input name="label" required maxLength={100} autoComplete="off" />
            </Field>
            <Field label={t("settings.tokenDays")}>
              <NumberSelect
                numbers={DAYS}
                words={(count) => t("settings.days", { count })}
                value={days}
                onChoose={setDays}
              />
            </Field>
            {issue.isError ? <Failed error={issue.error} /> : null}
            <Button type="submit" kind="primary" disabled={issue.isPending}>
              {t("settings.makeToken")}
            </Button>
          </form>
        )}
      </Panel>
      <Panel title={t("settings.curl")}>
        <p className="mb-3 text-sm text-ink-2">{t("settings.curlLead")}</p>
        <div className="space-y-2">
          <Code
            text={`curl --header "Authorization: Bearer $GHALA_TOKEN" ${url}/home`}
            label={t("settings.copyCommand")}
          />
          <Code
            text={`curl --header "Authorization: Bearer $GHALA_TOKEN" "${url}/catalog?q=revenue"`}
            label={t("settings.copyCommand")}
          />
          <Code text={`curl ${url}/openapi.json`} label={t("settings.copyCommand")} />
        </div>
      </Panel>
    </div>
  );
}
