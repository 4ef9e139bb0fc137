import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { formatDay } from "@/lib/format";
import { agreementLink, datasetLink } from "@/lib/links";
import { shortName } from "@/lib/principal";
import { Status, type Tone } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Field, Select } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/state";
import { type Column, Table } from "@/ui/table";
import { DatasetField } from "./fields";
import { Older, Pages } from "./pages";
import { agreementsQuery } from "./queries";
import { Question } from "./question";
import { SEARCH, STATES } from "./search";

type Agreement = Shape<"AgreementFacts">;
const TONES: Record<Agreement["state"], Tone> = { in_force: "ok", expired: "plain", revoked: "bad" };

/** All agreements that one may see. */
export function Agreements() {
  const [{ state, dataset }, change] = useAddress(SEARCH);
  const agreements = useInfiniteQuery(agreementsQuery({ state, dataset, limit: 100 }));
  return (
    <>
      <Question names={["dataset", "state"]} action={t("governance.narrow")}>
        {(draft, fill) => (
          <>
            <DatasetField value={draft.dataset} onChange={(one) => fill({ dataset: one })} />
            <Field label={t("governance.state")}>
              <Select value={draft.state} onChange={(event) => fill({ state: event.target.value })}>
                <option value="">{t("governance.everyState")}</option>
                {STATES.map((one) => (
                  <option key={one} value={one}>
                    {t(`governance.state.${one}`)}
                  </option>
                ))}
              </Select>
            </Field>
          </>
        )}
      </Question>
      <Pages query={agreements} items={(page) => page.agreements}>
        {(found) =>
          found.length ? (
            <div className="space-y-3">
              <Panel isFlush>
                <Table
                  label={t("governance.tab.agreements")}
                  rows={found}
                  rowKey={(one) => one.id}
                  columns={COLUMNS()}
                />
              </Panel>
              <Older query={agreements} />
            </div>
          ) : (
            <Empty
              title={t("governance.noAgreements")}
              action={
                state || dataset ? (
                  <Button onClick={() => change({ state: undefined, dataset: undefined })}>
                    {t("governance.showAll")}
                  </Button>
                ) : undefined
              }
            >
              {t("governance.noAgreementsDetail")}
            </Empty>
          )
        }
      </Pages>
    </>
  );
}

const COLUMNS = (): Column<Agreement>[] => [
  {
    id: "who",
    head: t("governance.grantee"),
    value: (one) => one.grantee,
    cell: (one) => (
      <Link to={agreementLink(one.id)} className="font-medium break-words text-accent hover:underline">
        {shortName(one.grantee)}
      </Link>
    ),
  },
  {
    id: "dataset",
    head: t("governance.dataset"),
    value: (one) => one.dataset,
    cell: (one) => (
      <Link to={datasetLink(one.dataset)} className="break-words hover:underline">
        {one.dataset}
      </Link>
    ),
  },
  {
    id: "columns",
    head: t("governance.columns"),
    cell: (one) => (
      <span className="font-mono text-xs break-words">
        {one.columns.join(", ")}
        {one.rows ? <span className="block font-sans text-ink-2">{t("governance.someRows")}</span> : null}
      </span>
    ),
    hiddenBelow: "md",
  },
  {
    id: "purpose",
    head: t("governance.purpose"),
    value: (one) => one.purpose,
    cell: (one) => one.purpose,
    hiddenBelow: "lg",
  },
  {
    id: "state",
    head: t("governance.state"),
    value: (one) => one.state,
    cell: (one) => <Status tone={TONES[one.state]}>{t(`governance.state.${one.state}`)}</Status>,
  },
  {
    id: "until",
    head: t("governance.ends"),
    value: (one) => Date.parse(one.until),
    cell: (one) => <span className="tnum whitespace-nowrap">{formatDay(one.until)}</span>,
    hiddenBelow: "sm",
  },
];
