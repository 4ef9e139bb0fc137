import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ClipboardCheck, Lightbulb } from "lucide-react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { formatCount } from "@/lib/format";
import { agreementLink } from "@/lib/links";
import { ChangeButtons } from "@/pages/access/changes";
import { Name } from "@/pages/access/names";
import { type Agreement, agreementQuery, agreementsQuery, suggestionsQuery } from "@/pages/access/queries";
import { ColumnNames } from "@/pages/access/terms";
import { NumberSelect } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { Time } from "@/ui/time";
import { SEARCH } from "./search";

const DAYS = [30, 90, 180, 365] as const;

/** Agreements that somebody should look at again, and what could be narrowed or ended since nobody uses it. */
export function Again() {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Due />
      <Unused />
    </div>
  );
}

function Due() {
  const due = useQuery(agreementsQuery("due"));
  return (
    <Panel title={t("access.due")} isFlush>
      <Loaded query={due}>
        {(found) =>
          found.length ? (
            <ul className="divide-y divide-line">
              {found.map((one) => (
                <li key={one.id} className="space-y-2 px-4 py-3 text-sm">
                  <About agreement={one} />
                  <p className="text-ink-2">
                    {t("access.dueBy")} {one.reassess_at ? <Time at={one.reassess_at} /> : null}
                  </p>
                  <ChangeButtons agreement={one} size="small" />
                </li>
              ))}
            </ul>
          ) : (
            <Empty icon={ClipboardCheck} title={t("access.nothingDue")}>
              {t("access.nothingDueDetail")}
            </Empty>
          )
        }
      </Loaded>
    </Panel>
  );
}

function About({ agreement }: { agreement: Pick<Agreement, "id" | "dataset" | "grantee"> }) {
  return (
    <p className="font-medium">
      <Link to={agreementLink(agreement.id)} className="wrap-anywhere text-accent hover:underline">
        {agreement.dataset}
      </Link>{" "}
      <span className="font-normal text-ink-2">
        {t("access.for")} <Name id={agreement.grantee} />
      </span>
    </p>
  );
}

function Unused() {
  const [{ days = 90 }, change] = useAddress(SEARCH);
  const found = useQuery(suggestionsQuery(days));
  return (
    <Panel
      title={t("access.unused")}
      isFlush
      actions={
        <NumberSelect
          aria-label={t("access.lookBack")}
          className="w-auto!"
          numbers={DAYS}
          words={(count) => t("access.lastDays", { count })}
          value={days}
          onChoose={(chosen) => change({ days: chosen })}
        />
      }
    >
      <Loaded query={found}>
        {(suggestions) =>
          suggestions.length ? (
            <ul className="divide-y divide-line">
              {suggestions.map((one) => (
                <Suggestion key={one.agreement} suggestion={one} />
              ))}
            </ul>
          ) : (
            <Empty icon={Lightbulb} title={t("access.allUsed")}>
              {t("access.allUsedDetail", { days: formatCount(days) })}
            </Empty>
          )
        }
      </Loaded>
    </Panel>
  );
}

function Suggestion({ suggestion }: { suggestion: Shape<"SuggestionFacts"> }) {
  const agreement = useQuery(agreementQuery(suggestion.agreement));
  const isEnd = suggestion.change === "end";
  return (
    <li className="space-y-2 px-4 py-3 text-sm">
      <About agreement={{ ...suggestion, id: suggestion.agreement }} />
      <p className="text-ink-2">
        {isEnd
          ? suggestion.last_used
            ? t("access.notUsed")
            : t("access.neverUsed")
          : t("access.readTimes", { count: suggestion.reads })}{" "}
        {suggestion.last_used ? <Time at={suggestion.last_used} /> : null}
      </p>
      {isEnd ? null : (
        <>
          <p className="text-xs text-ink-2">{t("access.neverLooked")}</p>
          <ColumnNames names={suggestion.unused_columns} />
        </>
      )}
      {agreement.data ? (
        <ChangeButtons
          agreement={{
            ...agreement.data,
            may: agreement.data.may.filter(
              (one) => one === "reassess" || one === (isEnd ? "revoke" : "narrow"),
            ),
          }}
          size="small"
          columns={isEnd ? undefined : suggestion.columns}
        />
      ) : null}
    </li>
  );
}
