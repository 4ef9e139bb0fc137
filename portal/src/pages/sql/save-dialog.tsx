import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Save } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { answer, api, once } from "@/api/client";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Input, Select, Textarea } from "@/ui/field";
import { Failed } from "@/ui/state";
import { say } from "@/ui/toast";
import type { OpenQuery } from "./open";
import { savedQuery } from "./saved-queries";

/** Keep the text under a name: for oneself, a team, or everybody who may read what it reads. */
export function SaveButton({
  tab,
  onSaved,
}: {
  tab: OpenQuery;
  onSaved: (saved: { id: string; name: string }) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)} disabled={!tab.sql.trim()}>
        <Save aria-hidden />
        {t("sql.save")}
      </Button>
      {isOpen ? <SaveDialog tab={tab} onSaved={onSaved} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function SaveDialog({
  tab,
  onSaved,
  onClose,
}: {
  tab: OpenQuery;
  onSaved: (saved: { id: string; name: string }) => void;
  onClose: () => void;
}) {
  const form = useId();
  const session = useSession();
  const client = useQueryClient();
  const list = useQuery(savedQuery);
  const known = list.data?.find((one) => one.id === tab.saved?.id && one.owner === session.id);
  // Before the list is there, what is saved already would be saved as another one.
  const isKnowing = tab.saved !== undefined && list.isPending;
  const [name, setName] = useState(tab.saved?.name ?? "");
  const [description, setDescription] = useState<string>();
  const [whom, setWhom] = useState<string>();
  const saving = useMutation({
    mutationFn: () => {
      const body = {
        name: name.trim(),
        sql: tab.sql,
        description: description ?? known?.description ?? "",
        shared_with: whom ?? known?.shared_with ?? "",
        environment: "prod",
      };
      return known
        ? answer(api.PUT("/api/v1/queries/{query_id}", { params: { path: { query_id: known.id } }, body }))
        : answer(api.POST("/api/v1/queries", { body, headers: once() }));
    },
    onSuccess: async (saved) => {
      onSaved({ id: saved.id, name: saved.name });
      await client.invalidateQueries({ queryKey: savedQuery.queryKey });
      onClose();
      await say(t("sql.saved", { name: saved.name }));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <Dialog
      title={known ? t("sql.change") : t("sql.save")}
      description={t("sql.saveDetail")}
      isOpen
      onOpen={(isOpen) => (isOpen ? undefined : onClose())}
      actions={
        <Button
          kind="primary"
          type="submit"
          form={form}
          disabled={!name.trim() || isKnowing || saving.isPending}
        >
          {t("sql.save")}
        </Button>
      }
    >
      <form id={form} onSubmit={submit} className="space-y-3">
        <Field label={t("sql.name")}>
          <Input value={name} onChange={(event) => setName(event.target.value)} maxLength={100} required />
        </Field>
        <Field label={t("sql.description")}>
          <Textarea
            value={description ?? known?.description ?? ""}
            onChange={(event) => setDescription(event.target.value)}
            maxLength={1000}
          />
        </Field>
        <Field label={t("sql.sharedWith")} hint={t("sql.sharedWithHint")}>
          <Select value={whom ?? known?.shared_with ?? ""} onChange={(event) => setWhom(event.target.value)}>
            <option value="">{t("sql.nobody")}</option>
            {session.teams.map((team) => (
              <option key={team} value={team}>
                {t("sql.team", { team: team.replace(/^team:/, "") })}
              </option>
            ))}
            <option value="everybody">{t("sql.everybody")}</option>
          </Select>
        </Field>
        {saving.isError ? <Failed error={saving.error} /> : null}
      </form>
    </Dialog>
  );
}
