import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, X } from "lucide-react";
import { useState } from "react";
import { answer, api, once, type Shape } from "@/api/client";
import { datasetQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { split } from "@/lib/address";
import { Button } from "@/ui/button";
import { Field, Textarea, Check as Tick } from "@/ui/field";
import { Failed } from "@/ui/state";
import { say } from "@/ui/toast";
import { EndChoice, endOf } from "./end-choice";
import { ALL_ROWS, predicateOf, type Rows } from "./predicate";
import type { Request } from "./queries";
import { RowsForm } from "./rows-form";

/** Send decisions, one after the other, and look at everything anew. */
export function useDecisions() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (decisions: readonly { id: string; body: Shape<"NewDecision"> }[]) => {
      for (const { id, body } of decisions) {
        await answer(
          api.POST("/api/v1/requests/{request_id}/decision", {
            params: { path: { request_id: id } },
            headers: once(),
            body,
          }),
        );
      }
    },
    onSuccess: (_, decisions) => {
      const { length: count } = decisions;
      const isApproved = decisions[0]?.body.is_approved;
      void say(isApproved ? t("access.approvedNow", { count }) : t("access.deniedNow", { count }));
    },
    // Of several some may have been decided before one failed.
    onSettled: () =>
      Promise.all(
        ["requests", "agreements", "session", "datasets"].map((first) =>
          queryClient.invalidateQueries({ queryKey: [first] }),
        ),
      ),
  });
}

/** Approve, approve less than was asked for, or refuse. */
export function DecisionForm({ request }: { request: Request }) {
  const [isNarrower, setNarrower] = useState(false);
  const [columns, setColumns] = useState<readonly string[]>(request.columns);
  const [rows, setRows] = useState<Rows>(ALL_ROWS);
  const [end, setEnd] = useState<{ days: number | undefined; day: string | undefined }>({
    days: undefined,
    day: undefined,
  });
  const [reason, setReason] = useState("");
  const decide = useDecisions();
  const predicate = predicateOf(rows);
  const until = end.days === undefined && end.day === undefined ? undefined : endOf(end.days, end.day);
  const isWhole = columns.length === request.columns.length;
  const less = isNarrower
    ? { columns: isWhole ? [] : [...columns], rows: predicate ?? null, until: until ?? null }
    : {};
  const isReady = !isNarrower || (columns.length > 0 && predicate !== undefined);
  const send = (is_approved: boolean) =>
    decide.mutate([
      {
        id: request.id,
        body: { is_approved, reason: reason.trim(), ...(is_approved ? less : {}) } as Shape<"NewDecision">,
      },
    ]);
  return (
    <div className="space-y-3">
      <Tick
        label={t("access.giveLess")}
        hint={t("access.giveLessHint")}
        checked={isNarrower}
        onChange={(event) => setNarrower(event.target.checked)}
      />
      {isNarrower ? (
        <Less
          request={request}
          columns={columns}
          onColumns={setColumns}
          rows={rows}
          onRows={setRows}
          end={end}
          onEnd={setEnd}
        />
      ) : null}
      <Field label={t("access.reason")} hint={t("access.reasonHint")}>
        <Textarea
          maxLength={2000}
          className="min-h-16!"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
      {decide.isError ? <Failed error={decide.error} /> : null}
      <div className="flex flex-wrap gap-2">
        <Button kind="primary" disabled={decide.isPending || !isReady} onClick={() => send(true)}>
          <Check aria-hidden />
          {isNarrower ? t("access.approveLess") : t("access.approve")}
        </Button>
        <Button kind="danger" disabled={decide.isPending || !reason.trim()} onClick={() => send(false)}>
          <X aria-hidden />
          {t("access.refuse")}
        </Button>
      </div>
    </div>
  );
}

/** What is given instead: fewer columns, fewer rows, a nearer end. */
function Less({
  request,
  columns,
  onColumns,
  rows,
  onRows,
  end,
  onEnd,
}: {
  request: Request;
  columns: readonly string[];
  onColumns: (columns: string[]) => void;
  rows: Rows;
  onRows: (rows: Rows) => void;
  end: { days: number | undefined; day: string | undefined };
  onEnd: (end: { days: number | undefined; day: string | undefined }) => void;
}) {
  const { domain, rest } = split(request.dataset);
  const dataset = useQuery(datasetQuery(domain, rest));
  return (
    <div className="space-y-3 rounded-md border border-line p-3">
      <ColumnTicks names={request.columns} chosen={columns} onChoose={onColumns} />
      <fieldset className="space-y-1">
        <legend className="text-xs font-medium text-ink-2">{t("access.onlyRows")}</legend>
        <RowsForm rows={rows} columns={dataset.data?.columns ?? []} onChange={onRows} />
      </fieldset>
      <EndChoice {...end} label={t("access.endsEarlier")} none={t("access.asAsked")} onChoose={onEnd} />
    </div>
  );
}

/** Which columns stay. */
export function ColumnTicks({
  names,
  chosen,
  onChoose,
}: {
  names: readonly string[];
  chosen: readonly string[];
  onChoose: (columns: string[]) => void;
}) {
  return (
    <fieldset className="space-y-1">
      <legend className="mb-1 text-xs font-medium text-ink-2">{t("access.columnsKept")}</legend>
      <div className="grid gap-1 sm:grid-cols-2">
        {names.map((name) => (
          <Tick
            key={name}
            label={<span className="font-mono text-xs wrap-anywhere">{name}</span>}
            checked={chosen.includes(name)}
            onChange={(event) =>
              onChoose(names.filter((one) => (one === name ? event.target.checked : chosen.includes(one))))
            }
          />
        ))}
      </div>
    </fieldset>
  );
}
