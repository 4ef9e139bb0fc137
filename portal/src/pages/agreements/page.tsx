import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { useInPath } from "@/lib/address";
import { requestLink, sqlLink } from "@/lib/links";
import { ChangeButtons } from "@/pages/access/changes";
import { deciders } from "@/pages/access/names";
import { type Agreement, agreementQuery } from "@/pages/access/queries";
import { AccessState } from "@/pages/access/state";
import { Terms, Until } from "@/pages/access/terms";
import { Timeline } from "@/pages/access/timeline";
import { Button } from "@/ui/button";
import { NotFound } from "@/ui/not-found";
import { PageHead } from "@/ui/page";
import { Facts, Panel } from "@/ui/panel";
import { Loaded } from "@/ui/state";

/** One agreement: what it gives, until when, everything that happened to it, and what one may do with it. */
export function Page() {
  const id = useInPath("id");
  const agreement = useQuery(agreementQuery(id));
  return (
    <Loaded query={agreement} missing={<NotFound />}>
      {(one) => (
        <>
          <PageHead
            title={t("access.agreementAbout", { dataset: one.dataset })}
            above={
              <span className="flex flex-wrap items-center gap-2">
                <Link to="/requests" search={{ tab: "agreements" }} className="hover:underline">
                  {t("access.have")}
                </Link>
                <span className="font-mono">{one.id}</span>
              </span>
            }
            actions={<Use agreement={one} />}
          >
            <span role="status" className="text-sm">
              <AccessState state={one.state} />
            </span>
          </PageHead>
          <div className="grid items-start gap-4 lg:grid-cols-[1fr_420px]">
            <div className="min-w-0 space-y-4">
              <Panel title={t("access.agreed")}>
                <Terms of={one} />
              </Panel>
              {one.may.length ? (
                <Panel title={t("access.change")}>
                  <ChangeButtons key={one.id} agreement={one} />
                </Panel>
              ) : null}
              <Panel title={t("access.more")}>
                <Facts
                  facts={[
                    [t("access.since"), <Until key="since" at={one.since} />],
                    ...(one.deciders.length
                      ? ([[t("access.whoDecides"), deciders(one.deciders)]] as const)
                      : []),
                    [
                      t("access.document"),
                      <a
                        key="oaas"
                        href={`/api/v1/agreements/${encodeURIComponent(one.id)}/oaas`}
                        download={`${one.id}.oaas.json`}
                        className="inline-flex items-center gap-1 text-accent hover:underline"
                      >
                        <Download className="size-3.5" aria-hidden />
                        {t("access.documentName")}
                      </a>,
                    ],
                    [
                      t("access.request"),
                      <Link key="request" to={requestLink(one.id)} className="text-accent hover:underline">
                        {t("access.toRequest")}
                      </Link>,
                    ],
                  ]}
                />
              </Panel>
            </div>
            <Panel title={t("access.happened")}>
              <Timeline id={one.id} />
            </Panel>
          </div>
        </>
      )}
    </Loaded>
  );
}

function Use({ agreement }: { agreement: Agreement }) {
  const session = useSession();
  const isMine = agreement.grantee === session.id || session.teams.includes(agreement.grantee);
  const again = {
    dataset: agreement.dataset,
    columns: agreement.columns.join(","),
    rows: agreement.rows ?? undefined,
    purpose: agreement.purpose,
    for: agreement.grantee === session.id ? undefined : agreement.grantee,
  };
  if (!isMine) return null;
  return (
    <>
      {agreement.state === "in_force" ? (
        <Button asChild kind="primary">
          <Link to={sqlLink(`SELECT * FROM ${agreement.dataset} LIMIT 100`)}>{t("access.query")}</Link>
        </Button>
      ) : null}
      {/* Nobody lets their own agreement last longer: they ask anew, and somebody decides. */}
      <Button asChild>
        <Link to="/requests/new" search={again}>
          {agreement.state === "in_force" ? t("access.askLonger") : t("access.askAgain")}
        </Link>
      </Button>
    </>
  );
}
