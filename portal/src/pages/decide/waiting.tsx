import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Inbox } from "lucide-react";
import { useState } from "react";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { classes } from "@/lib/classes";
import { requestLink } from "@/lib/links";
import { DecisionForm } from "@/pages/access/decision";
import { Elapsed } from "@/pages/access/elapsed";
import { nameOf } from "@/pages/access/names";
import { PreviewOf } from "@/pages/access/preview";
import { type Request, requestPreviewQuery, requestsQuery } from "@/pages/access/queries";
import { Terms } from "@/pages/access/terms";
import { Check } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { Bulk } from "./bulk";
import { SEARCH } from "./search";

/** The requests that wait for whoever looks: a list, and beside it the one that is looked at. */
export function Waiting() {
  const [{ id }] = useAddress(SEARCH);
  const requests = useQuery(requestsQuery("waiting"));
  const [marked, setMarked] = useState<readonly string[]>([]);
  return (
    <Loaded query={requests}>
      {(found) => {
        // The one that has waited longest comes first.
        const waiting = [...found].sort((a, b) => a.requested_at.localeCompare(b.requested_at));
        const chosen = waiting.find((one) => one.id === id) ?? waiting[0];
        const still = waiting.filter((one) => marked.includes(one.id));
        if (!chosen) {
          return (
            <Empty icon={Inbox} title={t("access.nothingWaits")}>
              {t("access.nothingWaitsDetail")}
            </Empty>
          );
        }
        return (
          <div className="grid items-start gap-4 lg:grid-cols-[300px_1fr]">
            <div className="min-w-0 space-y-3">
              <Panel isFlush>
                <div className="flex items-center border-b border-line px-3 py-2">
                  <Check
                    label={t("access.markAll", { count: waiting.length })}
                    checked={still.length === waiting.length}
                    onChange={(event) => setMarked(event.target.checked ? waiting.map((one) => one.id) : [])}
                  />
                </div>
                <ul className="divide-y divide-line">
                  {waiting.map((one) => (
                    <Line
                      key={one.id}
                      request={one}
                      isChosen={one.id === chosen.id}
                      isMarked={marked.includes(one.id)}
                      onMark={(isMarked) =>
                        setMarked(isMarked ? [...marked, one.id] : marked.filter((other) => other !== one.id))
                      }
                    />
                  ))}
                </ul>
              </Panel>
              {still.length ? <Bulk requests={still} onDone={() => setMarked([])} /> : null}
            </div>
            <Chosen key={chosen.id} request={chosen} />
          </div>
        );
      }}
    </Loaded>
  );
}

function Line({
  request,
  isChosen,
  isMarked,
  onMark,
}: {
  request: Request;
  isChosen: boolean;
  isMarked: boolean;
  onMark: (isMarked: boolean) => void;
}) {
  return (
    <li
      className={classes(
        "relative flex gap-2 px-3 py-2 hover:bg-sunken",
        isChosen && "bg-accent-soft shadow-[inset_2px_0_0_var(--accent)]",
      )}
    >
      <input
        type="checkbox"
        className="relative z-10 mt-0.5 size-4 shrink-0 accent-accent"
        aria-label={t("access.mark", { name: nameOf(request.grantee), dataset: request.dataset })}
        checked={isMarked}
        onChange={(event) => onMark(event.target.checked)}
      />
      <div className="min-w-0 flex-1 text-sm">
        <Link
          to="/decide"
          search={{ id: request.id }}
          replace
          resetScroll={false}
          aria-current={isChosen ? "true" : undefined}
          className="font-medium wrap-anywhere after:absolute after:inset-0"
        >
          {request.dataset}
        </Link>
        <p className="wrap-anywhere text-ink-2">
          {nameOf(request.grantee)} · {request.purpose}
        </p>
        <p className="text-xs text-ink-2">
          {t("access.columnCount", { count: request.columns.length })} · {t("access.waitsSince")}{" "}
          <Elapsed since={request.requested_at} />
        </p>
      </div>
    </li>
  );
}

/** The request that is looked at: what is asked for, what that gives beyond what policies allow, and the decision. */
function Chosen({ request }: { request: Request }) {
  const preview = useQuery(requestPreviewQuery(request.id));
  return (
    <div className="grid min-w-0 items-start gap-4 xl:grid-cols-[1fr_300px]">
      <div className="min-w-0 space-y-4">
        <Panel
          title={t("access.asks", { name: nameOf(request.requested_by) })}
          actions={
            <Link to={requestLink(request.id)} className="text-xs text-accent hover:underline">
              {t("access.toRequest")}
            </Link>
          }
        >
          <Terms of={request} />
        </Panel>
        <Panel title={t("access.beyond")}>
          <Loaded query={preview}>{(found) => <PreviewOf preview={found} />}</Loaded>
        </Panel>
      </div>
      <Panel title={t("access.decide")} className="xl:sticky xl:top-4">
        <DecisionForm request={request} />
      </Panel>
    </div>
  );
}
