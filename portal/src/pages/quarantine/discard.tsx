import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { t } from "@/i18n/texts";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Input } from "@/ui/field";
import { Failed } from "@/ui/state";
import { discardRows, type Place } from "./queries";

const LONGEST_REASON = 500;

/** Give rows up, with a reason that stays on record. */
export function Discard({
  path,
  rows,
  onClose,
  onChanged,
}: {
  path: Place;
  rows: string[];
  onClose: () => void;
  onChanged: () => Promise<void>;
}) {
  const [reason, setReason] = useState("");
  const form = useId();
  const discard = useMutation({
    mutationFn: () => discardRows(path, rows, reason),
    onSuccess: async () => {
      onClose();
      await onChanged();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (reason.trim()) discard.mutate();
  };
  return (
    <Dialog
      title={t("quarantine.discardTitle", { count: rows.length })}
      description={t("quarantine.discardLead")}
      isOpen
      onOpen={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("quarantine.cancel")}</Button>
          <Button kind="danger" type="submit" form={form} disabled={!reason.trim() || discard.isPending}>
            {t("quarantine.doDiscard")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="space-y-4">
        <Field label={t("quarantine.because")}>
          <Input
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            maxLength={LONGEST_REASON}
            required
          />
        </Field>
        {discard.isError ? <Failed error={discard.error} /> : null}
      </form>
    </Dialog>
  );
}
