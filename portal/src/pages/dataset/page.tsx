import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Archive, Flag, KeyRound, Terminal, Waypoints } from "lucide-react";
import type { Shape } from "@/api/client";
import { datasetQuery, releasesQuery } from "@/api/queries";
import { useAnswersFor } from "@/app/session";
import { t } from "@/i18n/texts";
import { useAddress, useInPath } from "@/lib/address";
import { formatBytes, formatCount } from "@/lib/format";
import { askLink, lineageLink, productLink, quarantineLink, reportLink, sqlLink } from "@/lib/links";
import { DatasetQuality } from "@/pages/quality/dataset-quality";
import { Badge, Status } from "@/ui/badge";
import { Button } from "@/ui/button";
import { NotFound } from "@/ui/not-found";
import { PageHead } from "@/ui/page";
import { Figure } from "@/ui/panel";
import { Loaded } from "@/ui/state";
import { Tabs } from "@/ui/tabs";
import { Time } from "@/ui/time";
import { Closed } from "./closed";
import { ColumnSheet } from "./column-sheet";
import { Columns } from "./columns";
import { Profile } from "./profile";
import { Releases } from "./releases";
import { SEARCH, TABS } from "./search";
import { Tags } from "./tags";

type Facts = Shape<"DatasetFacts">;
const UNKNOWN = "–";

/** A dataset: what it holds and promises, how well it keeps that, and the ways to ask for it, read it and report. */
export function Page() {
  const domain = useInPath("domain");
  const name = useInPath("dataset");
  const dataset = useQuery(datasetQuery(domain, name));
  return (
    <Loaded query={dataset} missing={<NotFound />}>
      {(one) => <Shown key={one.name} dataset={one} named={{ domain, dataset: name }} />}
    </Loaded>
  );
}

function Shown({ dataset, named }: { dataset: Facts; named: { domain: string; dataset: string } }) {
  const [{ tab = "columns", column }, change] = useAddress(SEARCH);
  const isResponsible = useAnswersFor(named.domain, dataset.owner);
  const mayRead = dataset.access.is_allowed;
  const chosen = dataset.columns.find((one) => one.name.toLowerCase() === column?.toLowerCase());
  return (
    <>
      <PageHead
        title={dataset.name}
        above={<Above dataset={dataset} />}
        actions={<Actions {...{ dataset, isResponsible }} />}
      >
        {dataset.description}
      </PageHead>
      <Figures dataset={dataset} />
      {mayRead ? null : <Closed dataset={dataset} />}
      <Tabs
        label={dataset.name}
        chosen={tab}
        onChoose={(name) => change({ tab: TABS.find((one) => one === name) })}
        tabs={[
          {
            name: "columns",
            label: t("dataset.columns"),
            count: dataset.columns.length,
            content: () => <Columns dataset={dataset} named={named} />,
          },
          {
            name: "quality",
            label: t("dataset.quality"),
            content: () => <DatasetQuality domain={named.domain} dataset={named.dataset} />,
          },
          ...(mayRead
            ? [
                {
                  name: "profile",
                  label: t("dataset.profile"),
                  content: () => <Profile named={named} />,
                },
              ]
            : []),
          {
            name: "releases",
            label: t("dataset.releases"),
            content: () => <Releases dataset={dataset} named={named} />,
          },
          ...(isResponsible
            ? [
                {
                  name: "tags",
                  label: t("dataset.tags"),
                  content: () => <Tags name={dataset.name} named={named} />,
                },
              ]
            : []),
        ]}
      />
      {chosen ? (
        <ColumnSheet
          dataset={dataset}
          named={named}
          column={chosen}
          onClose={() => change({ column: undefined })}
        />
      ) : null}
    </>
  );
}

function Above({ dataset }: { dataset: Facts }) {
  return (
    <span className="flex flex-wrap items-center gap-2">
      <Link to={productLink(dataset.product)} className="hover:underline">
        {t("dataset.ofProduct", { product: dataset.product })}
      </Link>
      <span>{t("dataset.ownedBy", { owner: dataset.owner })}</span>
      <span>{t("dataset.contract", { contract: dataset.contract })}</span>
      <Badge tone={dataset.status === "active" ? "ok" : "info"}>{dataset.status}</Badge>
    </span>
  );
}

function Actions({ dataset, isResponsible }: { dataset: Facts; isResponsible: boolean }) {
  const mayRead = dataset.access.is_allowed;
  return (
    <>
      {mayRead ? (
        <Button asChild kind="primary">
          <Link to={sqlLink(`SELECT * FROM ${dataset.name} LIMIT 100`)}>
            <Terminal aria-hidden />
            {t("dataset.query")}
          </Link>
        </Button>
      ) : null}
      <Button asChild kind={mayRead ? "secondary" : "primary"}>
        <Link to={askLink(dataset.name)}>
          <KeyRound aria-hidden />
          {t("dataset.ask")}
        </Link>
      </Button>
      <Button asChild>
        <Link to={lineageLink(dataset.name)}>
          <Waypoints aria-hidden />
          {t("dataset.lineage")}
        </Link>
      </Button>
      {isResponsible ? (
        <Button asChild>
          <Link to={quarantineLink(dataset.name)}>
            <Archive aria-hidden />
            {t("dataset.quarantine")}
          </Link>
        </Button>
      ) : null}
      <Button asChild kind="quiet">
        <Link to={reportLink(dataset.name)}>
          <Flag aria-hidden />
          {t("dataset.report")}
        </Link>
      </Button>
    </>
  );
}

function Figures({ dataset }: { dataset: Facts }) {
  const releases = useQuery(releasesQuery(dataset.product));
  const current = releases.data?.find((one) => one.number === dataset.release);
  return (
    <div className="mb-4 grid grid-cols-2 gap-2 md:grid-cols-4">
      <Figure
        name={t("dataset.access")}
        value={
          <Status tone={dataset.access.is_allowed ? "ok" : "plain"}>
            {dataset.access.is_allowed ? t("dataset.mayRead") : t("dataset.mayNotRead")}
          </Status>
        }
      />
      <Figure
        name={t("dataset.lastRelease")}
        value={
          <span className="text-base">
            {current ? (
              <Time at={current.created_at} />
            ) : dataset.release === null ? (
              t("dataset.never")
            ) : (
              UNKNOWN
            )}
          </span>
        }
        note={dataset.release ? t("dataset.number", { number: dataset.release }) : null}
      />
      <Figure
        name={t("dataset.rowCount")}
        value={dataset.rows === null ? UNKNOWN : formatCount(dataset.rows)}
      />
      <Figure
        name={t("dataset.size")}
        value={dataset.bytes === null ? UNKNOWN : formatBytes(dataset.bytes)}
      />
    </div>
  );
}
