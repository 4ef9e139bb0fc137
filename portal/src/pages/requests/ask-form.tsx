import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Send } from "lucide-react";
import { type FormEvent, useState } from "react";
import { answer, api, once, type Shape } from "@/api/client";
import { productsQuery, purposesQuery } from "@/api/queries";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { requestLink } from "@/lib/links";
import { EndChoice, endOf } from "@/pages/access/end-choice";
import { predicateOf, type Rows, rowsOf } from "@/pages/access/predicate";
import { PreviewOf, WhoDecides } from "@/pages/access/preview";
import { type Draft, previewQuery } from "@/pages/access/queries";
import { RowsForm } from "@/pages/access/rows-form";
import { Button } from "@/ui/button";
import { Field, Select, Textarea } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Failed, Loaded } from "@/ui/state";
import { ColumnChoice, isSensitive } from "./column-choice";
import { ASK } from "./search";

const DAYS = 90;
/** Products read in their runs, for this purpose alone. */
const PRODUCTION = "production";
const ADMINISTRATION = "administration";
const USUAL = "analytics";

export function AskForm({ dataset }: { dataset: Shape<"DatasetFacts"> }) {
  const session = useSession();
  const router = useRouter();
  const queryClient = useQueryClient();
  const purposes = useQuery(purposesQuery);
  const [said, change] = useAddress(ASK);
  const [why, setWhy] = useState("");
  const [rows, setRows] = useState<Rows>(() => rowsOf(said.rows) ?? { joined: "all", conditions: [] });
  const names = dataset.columns.map((one) => one.name);
  const plain = dataset.columns.filter((one) => !isSensitive(one)).map((one) => one.name);
  const chosen =
    said.columns === undefined
      ? plain.length
        ? plain
        : names
      : said.columns.split(",").filter((one) => names.includes(one));
  const isForProduct = said.for?.startsWith("product:") ?? false;
  const purpose = isForProduct ? PRODUCTION : (said.purpose ?? usual(session.purpose, purposes.data));
  const predicate = predicateOf(rows);
  const until = endOf(said.day === undefined ? (said.days ?? DAYS) : undefined, said.day);
  const draft: Draft | undefined =
    chosen.length && predicate !== undefined && until
      ? { dataset: dataset.name, columns: chosen, rows: predicate, purpose, grantee: said.for, until }
      : undefined;
  const send = useMutation({
    mutationFn: ({ dataset: name, columns, grantee, ...terms }: Draft) =>
      answer(
        api.POST("/api/v1/requests", {
          headers: once(),
          body: {
            ...terms,
            dataset: name,
            columns: [...columns],
            grantee: grantee ?? null,
            justification: why.trim(),
          },
        }),
      ),
    onSuccess: async (made) => {
      // A policy may have approved it at once.
      for (const first of ["requests", "agreements", "datasets", "session"])
        void queryClient.invalidateQueries({ queryKey: [first] });
      await router.navigate({ href: requestLink(made.id) });
    },
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (draft) send.mutate(draft);
  };
  const onRows = (changed: Rows) => {
    setRows(changed);
    const whole = predicateOf(changed);
    if (whole !== undefined) change({ rows: whole ?? undefined });
  };
  return (
    <form onSubmit={onSubmit} className="grid items-start gap-4 xl:grid-cols-[1fr_440px]">
      <div className="min-w-0 space-y-4">
        <Panel title={t("access.columns")} isFlush>
          <ColumnChoice
            columns={dataset.columns}
            chosen={chosen}
            onChoose={(columns) => change({ columns: columns.join(",") || "-" })}
          />
        </Panel>
        <Panel title={t("access.rows")}>
          <p className="mb-2 text-sm text-ink-2">
            {rows.conditions.length ? t("access.someRowsDetail") : t("access.allRowsDetail")}
          </p>
          <RowsForm rows={rows} columns={dataset.columns} onChange={onRows} />
        </Panel>
        <Panel title={t("access.whatFor")}>
          <div className="space-y-3">
            <div className="grid gap-3 sm:grid-cols-2">
              <Whom value={said.for} onChange={(whom) => change({ for: whom })} />
              <PurposeChoice
                value={purpose}
                isFixed={isForProduct}
                onChange={(one) => change({ purpose: one })}
              />
            </div>
            <EndChoice
              days={said.day === undefined ? (said.days ?? DAYS) : undefined}
              day={said.day}
              onChoose={change}
            />
            <Field label={t("access.justification")} hint={t("access.justificationHint")}>
              <Textarea
                required
                maxLength={2000}
                value={why}
                onChange={(event) => setWhy(event.target.value)}
              />
            </Field>
          </div>
        </Panel>
      </div>
      <aside className="min-w-0 space-y-4 xl:sticky xl:top-4" aria-label={t("access.would")}>
        <Outcome draft={draft} hasColumns={chosen.length > 0} />
        {send.isError ? <Failed error={send.error} /> : null}
        <Button
          kind="primary"
          type="submit"
          className="w-full"
          disabled={!draft || !why.trim() || send.isPending}
        >
          <Send aria-hidden />
          {t("access.send")}
        </Button>
        <p className="text-xs text-ink-2">{t("access.terms", { purpose })}</p>
      </aside>
    </form>
  );
}

/** What the request would give, and who decides about it. */
function Outcome({ draft, hasColumns }: { draft: Draft | undefined; hasColumns: boolean }) {
  const preview = useQuery({
    ...previewQuery(draft ?? { dataset: "", columns: [], rows: null, purpose: "", grantee: "", until: "" }),
    enabled: draft !== undefined,
  });
  if (!draft) {
    return (
      <Panel title={t("access.would")}>
        <p className="text-sm text-ink-2">
          {hasColumns ? t("access.rowsUnfinished") : t("access.noColumns")}
        </p>
      </Panel>
    );
  }
  return (
    <Loaded query={preview}>
      {(found) => (
        <>
          <Panel title={t("access.would")}>
            <PreviewOf preview={found} />
          </Panel>
          <Panel title={t("access.whoDecides")}>
            <WhoDecides preview={found} />
          </Panel>
        </>
      )}
    </Loaded>
  );
}

/** For oneself, a team that one is in, or a product of a domain that a team of one's own owns. */
function Whom({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const session = useSession();
  const products = useQuery(productsQuery);
  const mine = (products.data ?? []).filter((one) => session.domains.includes(one.name.split("/")[0] ?? ""));
  return (
    <Field label={t("access.forWhom")}>
      <Select value={value ?? ""} onChange={(event) => onChange(event.target.value || undefined)}>
        <option value="">{t("access.forMe")}</option>
        {session.teams.map((team) => (
          <option key={team} value={team}>
            {t("access.forTeam", { name: team.replace(/^team:/, "") })}
          </option>
        ))}
        {mine.map((product) => (
          <option key={product.name} value={`product:${product.name}`}>
            {t("access.forProduct", { name: product.title || product.name })}
          </option>
        ))}
      </Select>
    </Field>
  );
}

function PurposeChoice({
  value,
  isFixed,
  onChange,
}: {
  value: string;
  isFixed: boolean;
  onChange: (value: string) => void;
}) {
  const purposes = useQuery(purposesQuery);
  const chosen = purposes.data?.find((one) => one.name === value);
  return (
    <Field label={t("access.purpose")} hint={isFixed ? t("access.productPurpose") : chosen?.description}>
      <Select value={value} disabled={isFixed} onChange={(event) => onChange(event.target.value)}>
        {(purposes.data ?? [{ name: value }]).map((one) => (
          <option key={one.name}>{one.name}</option>
        ))}
      </Select>
    </Field>
  );
}

/** People ask for what they work for; keeping the workspace in order needs no data. */
function usual(purpose: string, known: readonly Shape<"PurposeFacts">[] | undefined): string {
  if (purpose !== ADMINISTRATION) return purpose;
  const names = known?.map((one) => one.name) ?? [USUAL];
  if (names.includes(USUAL)) return USUAL;
  // An organisation has its own list; what keeps the workspace itself running is on each.
  return names.find((one) => one !== ADMINISTRATION && one !== PRODUCTION) ?? purpose;
}
