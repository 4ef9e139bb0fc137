import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { answer, api, once, type Shape } from "@/api/client";
import { datasetQuery, datasetsQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { split, useAddress } from "@/lib/address";
import { ticketLink } from "@/lib/links";
import { Button } from "@/ui/button";
import { Field, Input, Select, Textarea } from "@/ui/field";
import { PageHead } from "@/ui/page";
import { Empty, Failed, Loaded } from "@/ui/state";
import { NEW_SEARCH } from "./search";

/** Report a wrong value: where it stands, what it says, and what it should say. Its owner is told at once. */
export function Page() {
  const [{ dataset, column }, change] = useAddress(NEW_SEARCH);
  const datasets = useQuery(datasetsQuery);
  const router = useRouter();
  const queryClient = useQueryClient();
  const open = useMutation({
    mutationFn: (body: Shape<"NewTicket">) => answer(api.POST("/api/v1/tickets", { body, headers: once() })),
    onSuccess: async (made) => {
      await queryClient.invalidateQueries({ queryKey: ["tickets"] });
      await router.navigate({ href: ticketLink(made.id) });
    },
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>, chosen: Shape<"DatasetEntry">) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    open.mutate({
      dataset: chosen.name,
      column: String(form.get("column") ?? "") || null,
      place: String(form.get("place")),
      found: String(form.get("found")),
      expected: String(form.get("expected")),
      release: chosen.release,
      environment: "prod",
    });
  };
  return (
    <>
      <PageHead
        title={t("tickets.report")}
        above={
          <Link to="/tickets" className="hover:underline">
            {t("tickets.title")}
          </Link>
        }
      >
        {t("tickets.reportLead")}
      </PageHead>
      <Loaded query={datasets}>
        {(all) => {
          const chosen = all.find((one) => one.name === dataset?.toLowerCase()) ?? all[0];
          if (!chosen) return <Empty title={t("tickets.noDataset")}>{t("tickets.noDatasetDetail")}</Empty>;
          return (
            <form onSubmit={(event) => onSubmit(event, chosen)} className="max-w-2xl space-y-3">
              <div className="grid gap-3 sm:grid-cols-2">
                <Field label={t("tickets.dataset")}>
                  <Select
                    value={chosen.name}
                    onChange={(event) => change({ dataset: event.target.value, column: undefined })}
                  >
                    {all.map((one) => (
                      <option key={one.name}>{one.name}</option>
                    ))}
                  </Select>
                </Field>
                <ColumnField
                  dataset={chosen.name}
                  chosen={column}
                  onChoose={(name) => change({ column: name || undefined })}
                />
              </div>
              <Field label={t("tickets.place")} hint={t("tickets.placeHint")}>
                <Input name="place" required maxLength={500} autoComplete="off" />
              </Field>
              <Field label={t("tickets.found")} hint={t("tickets.foundHint")}>
                <Textarea name="found" required maxLength={2000} />
              </Field>
              <Field label={t("tickets.expected")} hint={t("tickets.expectedHint")}>
                <Textarea name="expected" maxLength={2000} />
              </Field>
              <p className="text-xs text-ink-3">
                {chosen.release === null
                  ? t("tickets.tells", { owner: chosen.owner })
                  : t("tickets.tellsRelease", { owner: chosen.owner, release: chosen.release })}
              </p>
              {open.isError ? <Failed error={open.error} /> : null}
              <Button kind="primary" type="submit" disabled={open.isPending}>
                {t("tickets.send")}
              </Button>
            </form>
          );
        }}
      </Loaded>
    </>
  );
}

function ColumnField({
  dataset,
  chosen,
  onChoose,
}: {
  dataset: string;
  chosen: string | undefined;
  onChoose: (column: string) => void;
}) {
  const { domain, rest } = split(dataset);
  const columns = useQuery(datasetQuery(domain, rest)).data?.columns ?? [];
  const known = columns.find((one) => one.name.toLowerCase() === chosen?.toLowerCase());
  return (
    <Field label={t("tickets.column")}>
      <Select name="column" value={known?.name ?? ""} onChange={(event) => onChoose(event.target.value)}>
        <option value="">{t("tickets.severalColumns")}</option>
        {columns.map((one) => (
          <option key={one.name}>{one.name}</option>
        ))}
      </Select>
    </Field>
  );
}
