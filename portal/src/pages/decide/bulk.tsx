import { Check, X } from "lucide-react";
import { useState } from "react";
import { t } from "@/i18n/texts";
import { useDecisions } from "@/pages/access/decision";
import { nameOf } from "@/pages/access/names";
import type { Request } from "@/pages/access/queries";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Textarea } from "@/ui/field";
import { Failed } from "@/ui/state";

/** Decide several requests in one go, with one reason. */
export function Bulk({ requests, onDone }: { requests: readonly Request[]; onDone: () => void }) {
  const [asked, ask] = useState<"approve" | "refuse">();
  const [reason, setReason] = useState("");
  const decide = useDecisions();
  const count = requests.length;
  const open = (what: "approve" | "refuse") => {
    // What went wrong the last time says nothing about this one.
    decide.reset();
    ask(what);
  };
  const send = async () => {
    const body = {
      is_approved: asked === "approve",
      reason: reason.trim(),
      columns: [],
      rows: null,
      until: null,
    };
    await decide.mutateAsync(requests.map((one) => ({ id: one.id, body })));
    ask(undefined);
    onDone();
  };
  return (
    <section
      aria-label={t("access.marked", { count })}
      className="flex flex-wrap items-center gap-2 rounded-lg border border-line bg-panel p-3 text-sm"
    >
      <span className="flex-1 font-medium">{t("access.marked", { count })}</span>
      <Button size="small" onClick={() => open("approve")}>
        <Check aria-hidden />
        {t("access.approve")}
      </Button>
      <Button size="small" kind="danger" onClick={() => open("refuse")}>
        <X aria-hidden />
        {t("access.refuse")}
      </Button>
      {asked ? (
        <Dialog
          isOpen
          onOpen={() => ask(undefined)}
          title={asked === "approve" ? t("access.approveMany", { count }) : t("access.refuseMany", { count })}
          description={t("access.manyDetail")}
          actions={
            <>
              <Button onClick={() => ask(undefined)}>{t("access.leave")}</Button>
              <Button
                kind={asked === "approve" ? "primary" : "danger"}
                disabled={decide.isPending || (asked === "refuse" && !reason.trim())}
                onClick={() => void send().catch(() => undefined)}
              >
                {asked === "approve" ? t("access.approve") : t("access.refuse")}
              </Button>
            </>
          }
        >
          <div className="space-y-3">
            <ul className="list-disc pl-5 text-sm">
              {requests.map((one) => (
                <li key={one.id}>
                  {t("access.line", { name: nameOf(one.grantee), dataset: one.dataset })}{" "}
                  <span className="text-ink-2">{t("access.columnCount", { count: one.columns.length })}</span>
                </li>
              ))}
            </ul>
            <Field
              label={asked === "refuse" ? t("access.reasonNeeded") : t("access.reason")}
              hint={t("access.reasonHint")}
            >
              <Textarea maxLength={2000} value={reason} onChange={(event) => setReason(event.target.value)} />
            </Field>
            {decide.isError ? <Failed error={decide.error} /> : null}
          </div>
        </Dialog>
      ) : null}
    </section>
  );
}
