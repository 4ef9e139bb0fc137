import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId } from "react";
import { answer, api, once, type Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { split } from "@/lib/address";
import { Button } from "@/ui/button";
import { Sheet } from "@/ui/dialog";
import { Check, Field, Select, Textarea } from "@/ui/field";
import { Failed } from "@/ui/state";
import { say } from "@/ui/toast";

const CLASSIFICATIONS = ["public", "internal", "confidential", "restricted"] as const;

/** Say what a column does not carry on from what it is made from, and why: it stays on record. */
export function DeclareSheet({
  column,
  onClose,
}: {
  column: Shape<"PersonalColumnFacts">;
  onClose: () => void;
}) {
  const form = useId();
  const queryClient = useQueryClient();
  const { domain, rest } = split(column.dataset);
  const carried = Object.keys(column.carried);
  const declare = useMutation({
    mutationFn: (body: Shape<"NewDeclaration">) =>
      answer(
        api.POST("/api/v1/datasets/{domain}/{dataset}/declarations", {
          params: { path: { domain, dataset: rest } },
          headers: once(),
          body,
        }),
      ),
    onSuccess: async () => {
      // What a column carries decides how it is seen, and what is made of it: nothing of that is known any more.
      await queryClient.invalidateQueries();
      void say(t("governance.declared"));
      onClose();
    },
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    declare.mutate({
      column: column.column,
      without: given.getAll("without").map(String),
      classification: String(given.get("classification")) || null,
      reason: String(given.get("reason")),
    });
  };
  return (
    <Sheet
      isOpen
      onOpen={onClose}
      title={t("governance.declareAbout", { column: `${column.dataset}.${column.column}` })}
      description={t("governance.declareDetail")}
      actions={
        <>
          <Button onClick={onClose}>{t("governance.cancel")}</Button>
          <Button kind="primary" type="submit" form={form} disabled={declare.isPending}>
            {t("governance.declare")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={onSubmit} className="space-y-4">
        {carried.length ? (
          <fieldset className="space-y-2">
            <legend className="text-xs font-medium text-ink-2">{t("governance.without")}</legend>
            {carried.map((tag) => (
              <Check
                key={tag}
                name="without"
                value={tag}
                label={tag}
                hint={t("governance.carried", { from: (column.carried[tag] ?? []).join(", ") })}
              />
            ))}
          </fieldset>
        ) : (
          <p className="text-sm text-ink-2">{t("governance.carriesNothing")}</p>
        )}
        <Field label={t("governance.isClassified")} hint={t("governance.isClassifiedHint")}>
          <Select name="classification" defaultValue="">
            <option value="">{t("governance.asAbove")}</option>
            {CLASSIFICATIONS.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </Select>
        </Field>
        <Field label={t("governance.reason")} hint={t("governance.reasonHint")}>
          <Textarea name="reason" required maxLength={500} />
        </Field>
        {declare.isError ? <Failed error={declare.error} /> : null}
      </form>
    </Sheet>
  );
}
