import { useQuery, useQueryClient } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import type { Shape } from "@/api/client";
import { hasText, t } from "@/i18n/texts";
import { formatBytes, formatShare } from "@/lib/format";
import { Status } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Facts, Panel } from "@/ui/panel";
import { Loaded } from "@/ui/state";
import { findingsQuery, serverQuery } from "./queries";

/** Whether the workspace can be relied upon on this machine, and what to do where it cannot. */
export function Health() {
  const server = useQuery(serverQuery);
  const findings = useQuery(findingsQuery);
  const queryClient = useQueryClient();
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_360px]">
      <Panel
        title={t("settings.findings")}
        isFlush
        actions={
          <Button
            size="small"
            disabled={findings.isFetching}
            onClick={() => void queryClient.refetchQueries({ queryKey: findingsQuery.queryKey })}
          >
            <RefreshCw aria-hidden />
            {t("settings.examine")}
          </Button>
        }
      >
        <Loaded query={findings}>
          {(found) => (
            <>
              <p role="status" className="px-4 pt-3 text-sm font-medium">
                {found.is_fine ? t("settings.allFine") : t("settings.notFine")}
              </p>
              <ul className="divide-y divide-line">
                {/* What is not fine comes first. */}
                {[...found.findings]
                  .sort((a, b) => Number(a.is_fine) - Number(b.is_fine))
                  .map((one) => (
                    <Finding key={one.name} finding={one} />
                  ))}
              </ul>
            </>
          )}
        </Loaded>
      </Panel>
      <Loaded query={server}>{(found) => <Server found={found} />}</Loaded>
    </div>
  );
}

function Finding({ finding }: { finding: Shape<"ServerFinding"> }) {
  const key = `settings.finding.${finding.name.replaceAll(" ", "_")}`;
  return (
    <li className="px-4 py-2 text-sm">
      <div className="flex flex-wrap items-baseline gap-x-3">
        <Status tone={finding.is_fine ? "ok" : "bad"}>
          {finding.is_fine ? t("settings.fine") : t("settings.fault")}
        </Status>
        <span className="font-medium">{hasText(key) ? t(key) : finding.name}</span>
        <span className="min-w-0 wrap-anywhere text-ink-2">{finding.message}</span>
      </div>
      {finding.hint ? (
        <p className="mt-0.5 text-ink-2">{t("settings.toDo", { hint: finding.hint })}</p>
      ) : null}
    </li>
  );
}

function Server({ found }: { found: Shape<"ServerSettings"> }) {
  return (
    <div className="space-y-4">
      <Panel title={t("settings.storage")}>
        <Facts
          facts={[
            [
              t("settings.free"),
              t("settings.freeOf", {
                free: formatBytes(found.free_bytes),
                total: formatBytes(found.total_bytes),
                share: formatShare(found.free_bytes / Math.max(found.total_bytes, 1)),
              }),
            ],
            [
              t("settings.place"),
              <span key="place" className="font-mono text-xs wrap-anywhere">
                {found.storage}
              </span>,
            ],
          ]}
        />
      </Panel>
      <Panel title={t("settings.versions")}>
        <Facts
          facts={[
            [t("settings.workspace"), found.workspace],
            ...Object.entries(found.versions).map(
              ([name, number]) =>
                [
                  name,
                  <span key={name} className="font-mono text-xs">
                    {number}
                  </span>,
                ] as const,
            ),
          ]}
        />
      </Panel>
    </div>
  );
}
