import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ban, CalendarPlus, ClipboardCheck, type LucideIcon, Scissors } from "lucide-react";
import { useState } from "react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Textarea } from "@/ui/field";
import { Failed } from "@/ui/state";
import { say } from "@/ui/toast";
import { ColumnTicks } from "./decision";
import { EndChoice, endOf } from "./end-choice";
import { ALL_ROWS, predicateOf, type Rows } from "./predicate";
import { type Agreement, changeAgreement } from "./queries";
import { RowsForm } from "./rows-form";

/** What can be done with an agreement; each has a dialog of its own. */
export const CHANGES = ["narrow", "renew", "reassess", "revoke"] as const;
export type Change = (typeof CHANGES)[number];

const ICONS: Record<Change, LucideIcon> = {
  narrow: Scissors,
  reassess: ClipboardCheck,
  renew: CalendarPlus,
  revoke: Ban,
};
type End = { days: number | undefined; day: string | undefined };

/** A button for everything that whoever looks may do with an agreement. */
export function ChangeButtons({
  agreement,
  size,
  columns,
}: {
  agreement: Pick<Agreement, "id" | "dataset" | "columns" | "may">;
  size?: "small";
  /** Those that are proposed to stay. */
  columns?: readonly string[];
}) {
  const [chosen, choose] = useState<Change>();
  return (
    <div className="flex flex-wrap gap-2">
      {CHANGES.filter((change) => agreement.may.includes(change)).map((change) => {
        const Icon = ICONS[change];
        return (
          <Button
            key={change}
            size={size}
            kind={change === "revoke" ? "danger" : "secondary"}
            onClick={() => choose(change)}
          >
            <Icon aria-hidden />
            {t(`access.change.${change}`)}
          </Button>
        );
      })}
      {chosen ? (
        <ChangeDialog
          agreement={agreement}
          change={chosen}
          columns={columns}
          onClose={() => choose(undefined)}
        />
      ) : null}
    </div>
  );
}

function ChangeDialog({
  agreement,
  change,
  columns: proposed,
  onClose,
}: {
  agreement: Pick<Agreement, "id" | "dataset" | "columns">;
  change: Change;
  columns?: readonly string[] | undefined;
  onClose: () => void;
}) {
  const queryClient = useQueryClient();
  const [columns, setColumns] = useState<readonly string[]>(proposed ?? agreement.columns);
  const [rows, setRows] = useState<Rows>(ALL_ROWS);
  const [end, setEnd] = useState<End>({ days: change === "renew" ? 90 : undefined, day: undefined });
  const [reason, setReason] = useState("");
  const predicate = predicateOf(rows);
  const until = end.days === undefined && end.day === undefined ? undefined : endOf(end.days, end.day);
  const isWhole = columns.length === agreement.columns.length;
  const isReady = {
    narrow: columns.length > 0 && predicate !== undefined && (!isWhole || predicate !== null || !!until),
    reassess: true,
    renew: !!until,
    revoke: !!reason.trim(),
  }[change];
  const make = useMutation({
    mutationFn: () => {
      const why = reason.trim();
      const narrowing: Shape<"Narrowing"> = {
        columns: isWhole ? [] : [...columns],
        rows: predicate ?? null,
        until: until ?? null,
        reason: why,
      };
      return changeAgreement(agreement.id, change, {
        narrow: narrowing,
        reassess: { reason: why },
        renew: { until: until ?? "", reason: why },
        revoke: { reason: why },
      });
    },
    onSuccess: async () => {
      await Promise.all(
        ["agreements", "datasets"].map((first) => queryClient.invalidateQueries({ queryKey: [first] })),
      );
      onClose();
      void say(t(`access.done.${change}`));
    },
  });
  return (
    <Dialog
      isOpen
      onOpen={onClose}
      title={t(`access.change.${change}`)}
      description={t(`access.about.${change}`, { dataset: agreement.dataset })}
      isWide={change === "narrow"}
      actions={
        <>
          <Button onClick={onClose}>{t("access.leave")}</Button>
          <Button
            kind={change === "revoke" ? "danger" : "primary"}
            disabled={!isReady || make.isPending}
            onClick={() => make.mutate()}
          >
            {t(`access.change.${change}`)}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        {change === "narrow" ? (
          <>
            <ColumnTicks names={agreement.columns} chosen={columns} onChoose={setColumns} />
            <fieldset className="space-y-1">
              <legend className="mb-1 text-xs font-medium text-ink-2">{t("access.onlyRows")}</legend>
              <RowsForm
                rows={rows}
                columns={agreement.columns.map((name) => ({ name, type: "" }))}
                onChange={setRows}
              />
            </fieldset>
            <EndChoice
              {...end}
              label={t("access.endsEarlier")}
              none={t("access.asAgreed")}
              onChoose={setEnd}
            />
          </>
        ) : null}
        {change === "renew" ? <EndChoice {...end} onChoose={setEnd} /> : null}
        <Field
          label={change === "revoke" ? t("access.reasonNeeded") : t("access.reason")}
          hint={t("access.reasonRecorded")}
        >
          <Textarea
            maxLength={2000}
            className="min-h-16!"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
        {make.isError ? <Failed error={make.error} /> : null}
      </div>
    </Dialog>
  );
}
