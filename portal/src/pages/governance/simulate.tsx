import { useMutation, useQuery } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { answer, api, type Shape } from "@/api/client";
import { RoleNeeded } from "@/app/role-needed";
import { t } from "@/i18n/texts";
import { Button } from "@/ui/button";
import { Field, Input, Textarea } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Failed, Loaded } from "@/ui/state";
import { policiesQuery } from "./queries";
import { Simulated } from "./simulated";

type PolicyFile = Shape<"ChangedFile">;
const LONGEST_DAYS = 366;

/** What other policies would have changed in the last days: nothing is put in force by trying. */
export function Simulate() {
  const policies = useQuery(policiesQuery);
  return (
    <Loaded
      query={policies}
      forbidden={
        <RoleNeeded roles={["auditor", "steward", "administrator"]}>{t("governance.simulateFor")}</RoleNeeded>
      }
    >
      {(found) => <Form key={found.version} files={filesOf(found.policies)} />}
    </Loaded>
  );
}

function Form({ files: inForce }: { files: PolicyFile[] }) {
  const [files, setFiles] = useState(inForce);
  const [days, setDays] = useState("7");
  const simulation = useMutation({
    mutationFn: () =>
      answer(api.POST("/api/v1/policies/simulation", { body: { files, days: Number(days) } })),
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    simulation.mutate();
  };
  const edit = (place: number, part: Partial<PolicyFile>) =>
    setFiles((before) => before.map((one, index) => (index === place ? { ...one, ...part } : one)));
  return (
    <div className="space-y-4">
      <Panel title={t("governance.tryPolicies")}>
        <form onSubmit={onSubmit} className="space-y-3">
          <p className="max-w-[80ch] text-sm text-ink-2">{t("governance.tryDetail")}</p>
          {files.map((file, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a file may be renamed while one writes
            <fieldset key={place} className="space-y-2 rounded-md border border-line p-3">
              <legend className="sr-only">{file.name}</legend>
              <div className="flex items-end gap-2">
                <div className="min-w-0 flex-1">
                  <Field label={t("governance.fileName")}>
                    <Input
                      value={file.name}
                      onChange={(event) => edit(place, { name: event.target.value })}
                      pattern="[\w.\-]+\.cedar"
                      title={t("governance.fileNameHint")}
                      required
                      maxLength={200}
                    />
                  </Field>
                </div>
                <Button
                  kind="quiet"
                  size="icon"
                  aria-label={t("governance.removeFile", { file: file.name })}
                  onClick={() => setFiles((before) => before.filter((_, index) => index !== place))}
                >
                  <Trash2 aria-hidden />
                </Button>
              </div>
              <Field label={t("governance.policyText")}>
                <Textarea
                  value={file.text}
                  onChange={(event) => edit(place, { text: event.target.value })}
                  rows={Math.min(24, Math.max(6, file.text.split("\n").length + 1))}
                  spellCheck={false}
                  maxLength={200_000}
                  className="font-mono text-xs! leading-5"
                />
              </Field>
            </fieldset>
          ))}
          <div className="flex flex-wrap items-end gap-2">
            <div className="w-40">
              <Field label={t("governance.days")}>
                <Input
                  type="number"
                  min={1}
                  max={LONGEST_DAYS}
                  required
                  value={days}
                  onChange={(event) => setDays(event.target.value)}
                />
              </Field>
            </div>
            <Button
              onClick={() =>
                setFiles((before) => [...before, { name: `more${before.length + 1}.cedar`, text: "" }])
              }
            >
              <Plus aria-hidden />
              {t("governance.addFile")}
            </Button>
            <Button type="submit" kind="primary" disabled={simulation.isPending}>
              {t("governance.simulate")}
            </Button>
            <Button kind="quiet" onClick={() => setFiles(inForce)}>
              {t("governance.asInForce")}
            </Button>
          </div>
        </form>
      </Panel>
      {simulation.isError ? <Failed error={simulation.error} /> : null}
      {simulation.data ? <Simulated found={simulation.data} /> : null}
    </div>
  );
}

/** Return the organisation's own policies as the files in which they stand; what Ghala brings along is not theirs. */
function filesOf(policies: readonly Shape<"WordedPolicyFacts">[]): PolicyFile[] {
  const texts = new Map<string, string[]>();
  for (const policy of policies) {
    const file = /^policies\/([^:]+)/.exec(policy.place)?.[1];
    if (file) texts.set(file, [...(texts.get(file) ?? []), policy.text.trim()]);
  }
  return [...texts].map(([name, parts]) => ({ name, text: `${parts.join("\n\n")}\n` }));
}
