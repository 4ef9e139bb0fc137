import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FilePlus } from "lucide-react";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { agreementLink, requestLink } from "@/lib/links";
import { Elapsed } from "@/pages/access/elapsed";
import { deciders, Name } from "@/pages/access/names";
import { Places } from "@/pages/access/places";
import { inWords } from "@/pages/access/predicate";
import { type Agreement, agreementsQuery, type Request, requestsQuery } from "@/pages/access/queries";
import { AccessState } from "@/pages/access/state";
import { Until } from "@/pages/access/terms";
import { Button } from "@/ui/button";
import { PageHead } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { type Column, Table } from "@/ui/table";
import { Time } from "@/ui/time";
import { SEARCH } from "./search";

/** What one asked for, and what one has. */
export function Page() {
  const [{ tab = "requests" }] = useAddress(SEARCH);
  return (
    <>
      <PageHead
        title={t("access.title")}
        actions={
          <Button asChild kind="primary">
            <Link to="/requests/new" search={{}}>
              <FilePlus aria-hidden />
              {t("access.ask")}
            </Link>
          </Button>
        }
      >
        {t("access.lead")}
      </PageHead>
      <Places here={tab} />
      {tab === "requests" ? <Requests /> : <Agreements />}
    </>
  );
}

function Requests() {
  const requests = useQuery(requestsQuery("own"));
  return (
    <Loaded query={requests}>
      {(found) =>
        found.length ? (
          <Panel isFlush>
            <Table
              label={t("access.mine")}
              rows={found}
              rowKey={(one) => one.id}
              columns={requestColumns()}
            />
          </Panel>
        ) : (
          <Empty title={t("access.noRequests")} action={<ToCatalog />}>
            {t("access.noRequestsDetail")}
          </Empty>
        )
      }
    </Loaded>
  );
}

function Agreements() {
  const agreements = useQuery(agreementsQuery("own"));
  return (
    <Loaded query={agreements}>
      {(found) =>
        found.length ? (
          <Panel isFlush>
            <Table
              label={t("access.have")}
              rows={found}
              rowKey={(one) => one.id}
              columns={agreementColumns()}
            />
          </Panel>
        ) : (
          <Empty title={t("access.noAgreements")} action={<ToCatalog />}>
            {t("access.noAgreementsDetail")}
          </Empty>
        )
      }
    </Loaded>
  );
}

function ToCatalog() {
  return (
    <Button asChild>
      <Link to="/catalog">{t("shell.toCatalog")}</Link>
    </Button>
  );
}

const requestColumns = (): Column<Request>[] => [
  {
    id: "dataset",
    head: t("access.dataset"),
    value: (one) => one.dataset,
    cell: (one) => (
      <>
        <Link to={requestLink(one.id)} className="font-medium wrap-anywhere text-accent hover:underline">
          {one.dataset}
        </Link>
        <p className="text-xs text-ink-2">
          {t("access.columnCount", { count: one.columns.length })} · {inWords(one.rows)}
        </p>
      </>
    ),
  },
  { id: "for", head: t("access.for"), cell: (one) => <Name id={one.grantee} />, hiddenBelow: "md" },
  { id: "purpose", head: t("access.purpose"), cell: (one) => one.purpose, hiddenBelow: "lg" },
  {
    id: "state",
    head: t("access.state"),
    value: (one) => one.state,
    cell: (one) => (
      <>
        <AccessState state={one.state} />
        {one.state === "requested" ? (
          <p className="mt-0.5 text-xs text-ink-2">
            {t("access.waitsSince")} <Elapsed since={one.requested_at} />
          </p>
        ) : null}
      </>
    ),
  },
  {
    id: "decides",
    head: t("access.whoDecides"),
    cell: (one) =>
      one.state === "requested" ? (
        deciders(one.deciders)
      ) : (
        <span className="flex flex-wrap gap-x-1">
          {one.decisions.map((decision) => (
            <Name key={decision.level} id={decision.by} />
          ))}
        </span>
      ),
    hiddenBelow: "md",
  },
  {
    id: "asked",
    head: t("access.asked"),
    value: (one) => Date.parse(one.requested_at),
    cell: (one) => <Time at={one.requested_at} />,
    hiddenBelow: "lg",
  },
];

const agreementColumns = (): Column<Agreement>[] => [
  {
    id: "dataset",
    head: t("access.dataset"),
    value: (one) => one.dataset,
    cell: (one) => (
      <>
        <Link to={agreementLink(one.id)} className="font-medium wrap-anywhere text-accent hover:underline">
          {one.dataset}
        </Link>
        <p className="text-xs text-ink-2">
          {t("access.columnCount", { count: one.columns.length })} · {inWords(one.rows)}
        </p>
      </>
    ),
  },
  { id: "for", head: t("access.for"), cell: (one) => <Name id={one.grantee} />, hiddenBelow: "md" },
  { id: "purpose", head: t("access.purpose"), cell: (one) => one.purpose, hiddenBelow: "md" },
  {
    id: "state",
    head: t("access.state"),
    value: (one) => one.state,
    cell: (one) => <AccessState state={one.state} />,
  },
  {
    id: "until",
    head: t("access.until"),
    value: (one) => Date.parse(one.until),
    cell: (one) => <Until at={one.until} />,
    hiddenBelow: "sm",
  },
];
