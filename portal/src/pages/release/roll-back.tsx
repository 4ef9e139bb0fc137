import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useId, useState } from "react";
import type { Shape } from "@/api/client";
import { releasesQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { formatCount } from "@/lib/format";
import { releaseLink } from "@/lib/links";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Textarea } from "@/ui/field";
import { Failed, Loaded } from "@/ui/state";
import { say } from "@/ui/toast";
import { rollBack } from "./queries";

const LONGEST_REASON = 500;

/** Say what will happen, ask why, and bring the release back. */
export function RollBack({ release, onClose }: { release: Shape<"OneRelease">; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const form = useId();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const history = useQuery(releasesQuery(release.product));
  const back = useMutation({
    mutationFn: () => rollBack(release.product, release.number, reason.replace(/\s+/g, " ").trim()),
    onSuccess: async (made) => {
      await queryClient.invalidateQueries();
      onClose();
      await say(t("release.rolledBack", { number: made.number }));
      await navigate({ to: releaseLink(made.product, made.number) });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim()) back.mutate();
  };
  return (
    <Dialog
      title={t("release.rollBackTitle", { number: release.number })}
      description={t("release.rollBackLead", { product: release.product })}
      isOpen
      onOpen={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("release.cancel")}</Button>
          <Button kind="danger" type="submit" form={form} disabled={!reason.trim() || back.isPending}>
            {back.isPending ? t("release.rollingBack") : t("release.doRollBack")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="space-y-4">
        <Loaded query={history}>{(list) => <Will release={release} history={list} />}</Loaded>
        <Field label={t("release.why")} hint={t("release.whyHint")}>
          <Textarea
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            maxLength={LONGEST_REASON}
            required
          />
        </Field>
        {back.isError ? <Failed error={back.error} /> : null}
      </form>
    </Dialog>
  );
}

/** What rolling back does, line by line. */
function Will({
  release,
  history,
}: {
  release: Shape<"OneRelease">;
  history: readonly Shape<"ReleaseEntry">[];
}) {
  const current = history.find((one) => one.is_current);
  return (
    <ul className="list-disc space-y-1 pl-5 text-sm text-ink-2">
      <li>{t("release.willRelease", { number: (current?.number ?? release.number) + 1 })}</li>
      {release.datasets.map((dataset) => {
        const now = current?.datasets.find((one) => one.name === dataset.name);
        return (
          <li key={dataset.name}>
            {t("release.willHave", {
              dataset: dataset.name,
              rows: formatCount(dataset.rows),
              now: now ? formatCount(now.rows) : t("release.none"),
            })}
          </li>
        );
      })}
      <li>{t("release.willCheck")}</li>
      <li>{t("release.willTake")}</li>
      <li>{t("release.willTell")}</li>
    </ul>
  );
}
