import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api, type Shape } from "@/api/client";
import { datasetQuery, releasesQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { split } from "@/lib/address";
import { formatMoment } from "@/lib/format";
import { Button } from "@/ui/button";
import { Field, Select, Textarea } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Failed } from "@/ui/state";
import { type Ticket, useTicketChange } from "./queries";

const ANSWERS = ["accepted", "answered", "mended", "declined"] as const;

/** What the owner of the dataset answers. */
export function AnswerForm({ ticket }: { ticket: Ticket }) {
  const [state, setState] = useState<(typeof ANSWERS)[number]>("accepted");
  const change = useTicketChange(
    (body: Shape<"NewAnswer">) =>
      answer(
        api.POST("/api/v1/tickets/{ticket_id}/answer", {
          params: { path: { ticket_id: ticket.id } },
          body,
        }),
      ),
    t("tickets.answered"),
  );
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    change.mutate({
      state,
      text: String(form.get("text")),
      release: state === "mended" ? Number(form.get("release")) : null,
    });
  };
  return (
    <Panel title={t("tickets.answer")}>
      <form onSubmit={onSubmit} className="max-w-2xl space-y-3">
        <Field label={t("tickets.becomes")} hint={t(`tickets.hint.${state}`)}>
          <Select value={state} onChange={(event) => setState(event.target.value as typeof state)}>
            {ANSWERS.map((one) => (
              <option key={one} value={one}>
                {t(`tickets.as.${one}`)}
              </option>
            ))}
          </Select>
        </Field>
        {state === "mended" ? <Releases ticket={ticket} /> : null}
        <Field label={t("tickets.say")}>
          <Textarea name="text" required maxLength={2000} />
        </Field>
        {change.isError ? <Failed error={change.error} /> : null}
        <Button kind="primary" type="submit" disabled={change.isPending}>
          {t("tickets.sendAnswer")}
        </Button>
      </form>
    </Panel>
  );
}

function Releases({ ticket }: { ticket: Ticket }) {
  const { domain, rest } = split(ticket.dataset);
  const product = useQuery(datasetQuery(domain, rest)).data?.product;
  const releases = useQuery({ ...releasesQuery(product), enabled: product !== undefined });
  return (
    <Field label={t("tickets.mendedIn")}>
      <Select name="release" required key={releases.data?.length}>
        {(releases.data ?? []).map((one) => (
          <option key={one.number} value={one.number}>
            {t("tickets.releaseOf", { number: one.number, time: formatMoment(one.created_at) })}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** What whoever reported it has to add; or that it was no fault after all. */
export function ReplyForm({ ticket }: { ticket: Ticket }) {
  const params = { params: { path: { ticket_id: ticket.id } } };
  const reply = useTicketChange(
    (text: string) => answer(api.POST("/api/v1/tickets/{ticket_id}/reply", { ...params, body: { text } })),
    t("tickets.replied"),
  );
  const withdraw = useTicketChange<void>(
    () => answer(api.POST("/api/v1/tickets/{ticket_id}/withdrawal", params)),
    t("tickets.withdrawn"),
  );
  const failed = reply.error ?? withdraw.error;
  const isPending = reply.isPending || withdraw.isPending;
  return (
    <Panel title={t("tickets.reply")}>
      <form
        className="max-w-2xl space-y-3"
        onSubmit={(event) => {
          event.preventDefault();
          reply.mutate(String(new FormData(event.currentTarget).get("text")));
        }}
      >
        <Field
          label={t("tickets.more")}
          hint={ticket.state === "open" || ticket.state === "accepted" ? undefined : t("tickets.opensAgain")}
        >
          <Textarea name="text" required maxLength={2000} />
        </Field>
        {failed ? <Failed error={failed} /> : null}
        <div className="flex flex-wrap gap-2">
          <Button kind="primary" type="submit" disabled={isPending}>
            {t("tickets.sendReply")}
          </Button>
          <Button kind="quiet" onClick={() => withdraw.mutate()} disabled={isPending}>
            {t("tickets.withdraw")}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
