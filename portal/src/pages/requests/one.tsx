import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Undo2 } from "lucide-react";
import { answer, api } from "@/api/client";
import { t } from "@/i18n/texts";
import { useInPath } from "@/lib/address";
import { agreementLink, sqlLink } from "@/lib/links";
import { DecisionForm } from "@/pages/access/decision";
import { Elapsed } from "@/pages/access/elapsed";
import { deciders, Name } from "@/pages/access/names";
import { PreviewOf } from "@/pages/access/preview";
import { type Request, requestPreviewQuery, requestQuery } from "@/pages/access/queries";
import { AccessState } from "@/pages/access/state";
import { Terms } from "@/pages/access/terms";
import { Timeline } from "@/pages/access/timeline";
import { Button } from "@/ui/button";
import { NotFound } from "@/ui/not-found";
import { PageHead } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Failed, Loaded } from "@/ui/state";
import { say } from "@/ui/toast";

/** One request: how it stands now, what it would give, and everything that happened to it. */
export function Page() {
  const id = useInPath("id");
  const request = useQuery(requestQuery(id));
  return (
    <Loaded query={request} missing={<NotFound />}>
      {(one) => (
        <>
          <PageHead
            title={t("access.accessTo", { dataset: one.dataset })}
            above={
              <span className="flex flex-wrap items-center gap-2">
                <Link to="/requests" search={{}} className="hover:underline">
                  {t("access.title")}
                </Link>
                <span className="font-mono">{one.id}</span>
              </span>
            }
            actions={<Actions request={one} />}
          >
            <span role="status" className="flex flex-wrap items-center gap-2 text-sm">
              <AccessState state={one.state} />
              {one.state === "requested" ? deciders(one.deciders) : null}
            </span>
          </PageHead>
          <div className="grid items-start gap-4 lg:grid-cols-[1fr_420px]">
            <div className="min-w-0 space-y-4">
              {one.may.includes("decide") ? (
                <Panel title={t("access.decide")}>
                  <DecisionForm key={`${one.id} ${one.decisions.length}`} request={one} />
                </Panel>
              ) : null}
              <Panel title={t("access.what")}>
                <Terms of={one} />
              </Panel>
              {one.state === "requested" ? <Would request={one} /> : null}
            </div>
            <Panel title={t("access.happened")}>
              <Timeline id={one.id} waits={one.state === "requested" ? <Waits request={one} /> : null} />
            </Panel>
          </div>
        </>
      )}
    </Loaded>
  );
}

function Waits({ request }: { request: Request }) {
  const since = request.decisions.at(-1)?.at ?? request.requested_at;
  return (
    <>
      <p>
        <span className="font-medium">{t("access.waits")}</span> <Elapsed since={since} />
      </p>
      <p className="text-ink-2">
        {request.levels > 1
          ? t("access.level", { level: String(request.decisions.length + 1), levels: String(request.levels) })
          : null}{" "}
        {request.deciders.map((one, place) => (
          <span key={one}>
            {place ? ", " : ""}
            <Name id={one} />
          </span>
        ))}{" "}
        {t("access.orSteward")}
      </p>
    </>
  );
}

function Would({ request }: { request: Request }) {
  const preview = useQuery(requestPreviewQuery(request.id));
  return (
    <Panel title={t("access.would")}>
      <Loaded query={preview}>{(found) => <PreviewOf preview={found} />}</Loaded>
    </Panel>
  );
}

function Actions({ request }: { request: Request }) {
  const queryClient = useQueryClient();
  const withdraw = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/requests/{request_id}/withdrawal", {
          params: { path: { request_id: request.id } },
        }),
      ),
    onSuccess: async () => {
      await Promise.all(
        ["requests", "agreements", "session"].map((first) =>
          queryClient.invalidateQueries({ queryKey: [first] }),
        ),
      );
      void say(t("access.withdrawn"));
    },
  });
  return (
    <>
      {request.state === "approved" ? (
        <>
          <Button asChild kind="primary">
            <Link to={sqlLink(`SELECT * FROM ${request.dataset} LIMIT 100`)}>{t("access.query")}</Link>
          </Button>
          <Button asChild>
            <Link to={agreementLink(request.id)}>{t("access.toAgreement")}</Link>
          </Button>
        </>
      ) : null}
      {request.may.includes("withdraw") ? (
        <Button kind="danger" disabled={withdraw.isPending} onClick={() => withdraw.mutate()}>
          <Undo2 aria-hidden />
          {t("access.withdraw")}
        </Button>
      ) : null}
      {withdraw.isError ? <Failed error={withdraw.error} /> : null}
    </>
  );
}
