import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, once, type Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { Button } from "@/ui/button";
import { Field, Textarea } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Failed } from "@/ui/state";

type Act = "acknowledge" | "note" | "resolve";

/** What whoever is responsible does about an incident: take care of it, say something to consumers, end it. */
export function Handle({ incident, isOffered }: { incident: Shape<"IncidentFacts">; isOffered: boolean }) {
  const [text, setText] = useState("");
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: (what: Act) => send(incident.id, what, text.trim()),
    onSuccess: async () => {
      setText("");
      // The page of a run names the incidents of its product too.
      await Promise.all(
        [["incidents"], ["status"], ["runs", "incidents"]].map((queryKey) =>
          queryClient.invalidateQueries({ queryKey }),
        ),
      );
    },
  });
  if (!isOffered) return null;
  const isSilent = !text.trim();
  return (
    <Panel title={t("quality.handle")}>
      <div className="space-y-3">
        <Field label={t("quality.words")} hint={t("quality.wordsHint")}>
          <Textarea value={text} onChange={(event) => setText(event.target.value)} maxLength={2000} />
        </Field>
        {act.isError ? <Failed error={act.error} /> : null}
        <div className="flex flex-wrap gap-2">
          {incident.state === "open" ? (
            <Button kind="primary" disabled={act.isPending} onClick={() => act.mutate("acknowledge")}>
              {t("quality.acknowledge")}
            </Button>
          ) : null}
          <Button disabled={act.isPending || isSilent} onClick={() => act.mutate("note")}>
            {t("quality.note")}
          </Button>
          <Button disabled={act.isPending || isSilent} onClick={() => act.mutate("resolve")}>
            {t("quality.resolve")}
          </Button>
        </div>
      </div>
    </Panel>
  );
}

function send(incident: string, what: Act, text: string): Promise<unknown> {
  const common = { params: { path: { incident } }, headers: once() };
  switch (what) {
    case "acknowledge":
      return answer(api.POST("/api/v1/incidents/{incident}/acknowledgement", { ...common, body: { text } }));
    case "note":
      return answer(api.POST("/api/v1/incidents/{incident}/notes", { ...common, body: { text } }));
    case "resolve":
      return answer(
        api.POST("/api/v1/incidents/{incident}/resolution", { ...common, body: { reason: text } }),
      );
  }
}
