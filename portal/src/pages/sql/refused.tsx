import { useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { KeyRound } from "lucide-react";
import { ApiError, type Problem } from "@/api/problem";
import { datasetQuery, datasetsQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { split } from "@/lib/address";
import { askLink } from "@/lib/links";
import { Button } from "@/ui/button";
import { Failed } from "@/ui/state";
import { names, namesAll, placed } from "./words";

const MOST = 5;

/** Why a question was not answered: where in the text, and what to ask for where something may not be read. */
export function Refused({ sql, problem }: { sql: string; problem: Problem }) {
  const place = placed(problem.detail);
  const detail = place
    ? t("sql.atPlace", { line: String(place.line), column: String(place.column), message: place.message })
    : problem.detail;
  return (
    <div className="space-y-2">
      <Failed error={new ApiError({ ...problem, detail, hint: isDenied(problem) ? null : problem.hint })} />
      {isDenied(problem) ? <AskFor sql={sql} /> : null}
    </div>
  );
}

const isDenied = (problem: Problem) => problem.code === "denied";

/** The datasets of a text that one may know of but not read, each with the way to ask for it. */
function AskFor({ sql }: { sql: string }) {
  const all = useQuery(datasetsQuery);
  const named = (all.data ?? []).filter((one) => names(sql, one.name)).slice(0, MOST);
  const found = useQueries({
    queries: named.map((one) => {
      const { domain, rest } = split(one.name);
      return datasetQuery(domain, rest);
    }),
  });
  const closed = found.flatMap(({ data }) => (data && !data.access.is_allowed ? [data] : []));
  return closed.map((dataset) => {
    const columns = namesAll(sql)
      ? []
      : dataset.columns.filter((column) => names(sql, column.name)).map((column) => column.name);
    return (
      <div
        key={dataset.name}
        className="flex flex-wrap items-center gap-2 rounded-lg border border-line bg-panel px-4 py-3 text-sm"
      >
        <p className="min-w-0 flex-1">{t("sql.closed", { dataset: dataset.name, owner: dataset.owner })}</p>
        <Button asChild kind="primary" size="small">
          <Link to={askLink(dataset.name, columns)}>
            <KeyRound aria-hidden />
            {t("sql.askFor", { dataset: dataset.name })}
          </Link>
        </Button>
      </div>
    );
  });
}
