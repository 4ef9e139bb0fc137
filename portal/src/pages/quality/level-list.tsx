import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { datasetLink } from "@/lib/links";
import { Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { type Column, Table } from "@/ui/table";
import { Time } from "@/ui/time";
import { Budget, LevelStatus } from "./levels";
import { statusQuery } from "./queries";
import { levelWords } from "./words";

interface Promised {
  dataset: string;
  level: Shape<"LevelFacts">;
}

/** Every service level that is measured: those that are missed first, then those with the least budget left. */
export function LevelList() {
  const status = useQuery(statusQuery);
  return (
    <Loaded query={status}>
      {(list) => {
        const promised = list.flatMap(({ dataset, levels }) => levels.map((level) => ({ dataset, level })));
        if (!promised.length)
          return <Empty title={t("quality.noLevels")}>{t("quality.noLevelsDetail")}</Empty>;
        return (
          <Panel isFlush>
            <Table
              label={t("quality.levels")}
              rows={promised.sort((a, b) => worth(a) - worth(b))}
              rowKey={(one) => `${one.dataset} ${one.level.level}`}
              columns={COLUMNS()}
            />
          </Panel>
        );
      }}
    </Loaded>
  );
}

/** How well a level is kept: missed ones below 0, then by the share of the budget that is left. */
function worth({ level }: Promised): number {
  const left = level.budget?.allowed_s ? level.budget.remaining_s / level.budget.allowed_s : 1;
  return level.is_met === false ? left - 1000 : level.is_met === null ? 2 : left;
}

const COLUMNS = (): Column<Promised>[] => [
  {
    id: "dataset",
    head: t("quality.dataset"),
    value: (one) => one.dataset,
    cell: ({ dataset, level }) => (
      <div className="min-w-0">
        <Link
          to={datasetLink(dataset)}
          search={{ tab: "quality" }}
          className="font-medium wrap-anywhere text-accent hover:underline"
        >
          {dataset}
        </Link>
        <p className="text-xs text-ink-2">
          {levelWords(level.level)}: {level.objective}
        </p>
      </div>
    ),
  },
  {
    id: "status",
    head: t("quality.now"),
    value: ({ level }) => (level.is_met === null ? 2 : Number(level.is_met)),
    cell: ({ level }) => <LevelStatus level={level} />,
  },
  {
    id: "due",
    head: t("quality.due"),
    hiddenBelow: "md",
    value: ({ level }) => (level.due_at ? Date.parse(level.due_at) : null),
    cell: ({ level }) => (level.due_at ? <Time at={level.due_at} /> : null),
  },
  {
    id: "budget",
    head: t("quality.budget"),
    hiddenBelow: "sm",
    cell: ({ level }) =>
      level.budget ? (
        <div className="w-56 text-xs">
          <Budget budget={level.budget} />
        </div>
      ) : (
        <span className="text-xs text-ink-3">{t("quality.noBudget")}</span>
      ),
  },
];
