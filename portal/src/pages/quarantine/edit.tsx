import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { t } from "@/i18n/texts";
import { runLink } from "@/lib/links";
import { Button } from "@/ui/button";
import { Sheet } from "@/ui/dialog";
import { Check, Field, Input, Textarea } from "@/ui/field";
import { Facts } from "@/ui/panel";
import { Failed } from "@/ui/state";
import { Time } from "@/ui/time";
import { Discard } from "./discard";
import { fixRow, type Place, type Row } from "./queries";
import { reasonOf } from "./reason";
import { canDiscard, plain, whereOf } from "./rows";

/** One row: why it was set aside, what it is, and what it should be. */
export function Edit({
  path,
  row,
  onClose,
  onChanged,
}: {
  path: Place;
  row: Row;
  onClose: () => void;
  onChanged: () => Promise<void>;
}) {
  const [raw, setRaw] = useState(row.fixed_raw ?? row.raw ?? "");
  const [values, setValues] = useState<Record<string, string | null>>(row.fixed_values ?? {});
  const [isDiscarding, setDiscarding] = useState(false);
  const form = useId();
  const fix = useMutation({
    mutationFn: () => fixRow(path, row.id, row.values === null ? { raw } : { values }),
    onSuccess: async () => {
      await onChanged();
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    fix.mutate();
  };
  const canEdit = row.why_not === null;
  return (
    <Sheet
      title={t("quarantine.rowTitle")}
      description={whereOf(row)}
      isOpen
      onOpen={onClose}
      actions={
        <>
          {canDiscard(row) ? (
            <Button kind="danger" onClick={() => setDiscarding(true)}>
              {t("quarantine.discardOne")}
            </Button>
          ) : null}
          {canEdit ? (
            <Button kind="primary" type="submit" form={form} disabled={fix.isPending}>
              {t("quarantine.save")}
            </Button>
          ) : null}
        </>
      }
    >
      <form id={form} onSubmit={submit} className="space-y-4">
        <Facts facts={factsOf(row)} />
        {canEdit ? null : <p className="rounded-md bg-sunken px-3 py-2 text-sm">{row.why_not}</p>}
        {row.values === null ? (
          <>
            <div className="space-y-1">
              <p className="text-xs font-medium text-ink-2">{t("quarantine.original")}</p>
              <pre className="rounded-md bg-sunken px-2.5 py-1.5 font-mono text-xs break-all whitespace-pre-wrap">
                {row.raw}
              </pre>
              {row.is_whole || !canEdit ? null : (
                <p className="text-sm text-ink-2">{t("quarantine.notWhole")}</p>
              )}
            </div>
            <Field label={t("quarantine.fixed")} hint={t("quarantine.fixedHint")}>
              <Textarea
                className="font-mono text-xs!"
                value={raw}
                onChange={(event) => setRaw(event.target.value)}
                disabled={!canEdit}
                spellCheck={false}
                required
              />
            </Field>
          </>
        ) : (
          <>
            {canEdit ? <p className="text-sm text-ink-2">{t("quarantine.valuesHint")}</p> : null}
            {row.values.map(({ column, type, value, can_edit }) => {
              const isEdited = column in values;
              const shown = isEdited ? values[column] : value;
              return (
                <div key={column} className="space-y-1">
                  <Field
                    label={`${column} · ${type}`}
                    hint={isEdited ? t("quarantine.was", { value: value ?? t("shell.null") }) : undefined}
                  >
                    <Input
                      value={shown ?? ""}
                      placeholder={t("shell.null")}
                      disabled={!canEdit || !can_edit || shown === null}
                      onChange={(event) => setValues({ ...values, [column]: event.target.value })}
                    />
                  </Field>
                  {canEdit && can_edit ? (
                    <Check
                      label={t("quarantine.leaveEmpty", { column })}
                      checked={shown === null}
                      onChange={(event) =>
                        setValues({ ...values, [column]: event.target.checked ? null : "" })
                      }
                    />
                  ) : null}
                </div>
              );
            })}
          </>
        )}
        {fix.isError ? <Failed error={fix.error} /> : null}
      </form>
      {isDiscarding ? (
        <Discard
          path={path}
          rows={[row.id]}
          onClose={() => setDiscarding(false)}
          onChanged={async () => {
            await onChanged();
            onClose();
          }}
        />
      ) : null}
    </Sheet>
  );
}

function factsOf(row: Row) {
  const facts: (readonly [string, ReactNode])[] = [
    [t("quarantine.reason"), row.reasons.map(reasonOf).join(", ")],
    ...(row.values === null ? [[t("quarantine.detail"), plain(row.message)] as const] : []),
    [
      t("quarantine.keptOut"),
      <Link key="run" to={runLink(row.run)} className="text-accent hover:underline">
        <Time at={row.kept_out_at} />
      </Link>,
    ],
  ];
  if (row.refused)
    facts.push([t("quarantine.stillNot"), `${reasonOf(row.refused.reason)}: ${plain(row.refused.message)}`]);
  if (row.note) facts.push([t("quarantine.given"), row.note]);
  if (row.changed_by && row.changed_at) {
    facts.push([
      t("quarantine.changed"),
      <span key="changed">
        {row.changed_by.replace(/^user:/, "")}, <Time at={row.changed_at} />
      </span>,
    ]);
  }
  return facts;
}
