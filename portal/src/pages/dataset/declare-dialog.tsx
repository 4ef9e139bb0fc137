import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, once, type Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { Check, Field, Select, Textarea } from "@/ui/field";
import { FormDialog } from "@/ui/form-dialog";
import type { Named } from "./queries";

const CLASSIFICATIONS = ["public", "internal", "confidential", "restricted"] as const;

/** Declare what a column does not carry on, with a reason that stays on record. */
export function DeclareDialog({
  named,
  column,
  onClose,
}: {
  named: Named;
  column: Shape<"ColumnTagsFacts">;
  onClose: () => void;
}) {
  const queryClient = useQueryClient();
  const declare = useMutation({
    mutationFn: (body: Shape<"NewDeclaration">) =>
      answer(
        api.POST("/api/v1/datasets/{domain}/{dataset}/declarations", {
          params: { path: named },
          headers: once(),
          body,
        }),
      ),
    onSuccess: async () => {
      await queryClient.invalidateQueries();
      onClose();
    },
  });
  const onSubmit = (form: FormData) =>
    declare.mutate({
      column: column.column,
      without: form.getAll("without").map(String),
      classification: String(form.get("classification") ?? "") || null,
      reason: String(form.get("reason")),
    });
  const laxer = CLASSIFICATIONS.filter((one) => one !== column.classification);
  return (
    <FormDialog
      id="declare"
      title={t("dataset.declareOf", { column: column.column })}
      description={t("dataset.declareDetail")}
      submit={t("dataset.declare")}
      sending={declare}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      {Object.keys(column.inherited).length ? (
        <fieldset className="space-y-1">
          <legend className="text-xs font-medium text-ink-2">{t("dataset.endingTags")}</legend>
          {Object.keys(column.inherited).map((tag) => (
            <Check key={tag} name="without" value={tag} label={tag} />
          ))}
        </fieldset>
      ) : null}
      {column.classification_from.length ? (
        <Field label={t("dataset.classification")}>
          <Select name="classification" defaultValue="">
            <option value="">{t("dataset.asBefore", { classification: column.classification })}</option>
            {laxer.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </Select>
        </Field>
      ) : null}
      <Field label={t("dataset.reason")} hint={t("dataset.reasonHint")}>
        <Textarea name="reason" required maxLength={500} />
      </Field>
    </FormDialog>
  );
}
