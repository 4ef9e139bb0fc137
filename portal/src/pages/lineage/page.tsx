import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleHelp, TriangleAlert } from "lucide-react";
import { useCallback, useMemo } from "react";
import { datasetQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { useAddress, useInPath } from "@/lib/address";
import { datasetLink } from "@/lib/links";
import { Button } from "@/ui/button";
import { Field, Select } from "@/ui/field";
import { Graph } from "@/ui/graph/graph";
import { NotFound } from "@/ui/not-found";
import { PageHead } from "@/ui/page";
import { Empty, Failed, Loaded } from "@/ui/state";
import { Tabs } from "@/ui/tabs";
import { columnsDrawn, type Drawing, datasetsDrawn, productsDrawn } from "./drawn";
import type { Facts } from "./graph-data";
import { NODE_TYPES, OpeningContext } from "./node";
import { statusQuery, useLineage, usePath, type Way } from "./queries";
import { listOf, SEARCH, switched, VIEWS } from "./search";
import { Arrows, Impact } from "./tables";

/** So many nodes are drawn at most: nobody reads more of them, and the table has them all. */
const MOST_NODES = 300;

/** What a dataset comes from and what comes from it: products, datasets, columns. */
export function Page() {
  const name = `${useInPath("domain")}.${useInPath("dataset")}`;
  const [{ column, up, down, view = "dataset" }, change] = useAddress(SEARCH);
  const opened = useMemo(() => ({ up: listOf(up), down: listOf(down) }), [up, down]);
  const { query, below, further, graph } = useLineage(name, opened.up, opened.down);
  const { path, failed } = usePath(name, column);
  const { data: status } = useQuery(statusQuery);
  const open = useCallback(
    (which: string, way: Way) => change({ [way]: switched(opened[way], which) }, { push: true }),
    [change, opened],
  );
  const drawing = useMemo((): Drawing | null => {
    if (!graph) return null;
    const given = { focus: name, facts: graph, path, status, opened };
    if (view === "product") return productsDrawn(given);
    return view === "column" ? columnsDrawn(given, column) : datasetsDrawn(given);
  }, [graph, name, path, status, opened, view, column]);
  return (
    <Loaded query={query} missing={<NotFound />}>
      {() => (
        <>
          <PageHead
            title={t("lineage.of", { name })}
            above={
              <Link to="/lineage" className="hover:underline">
                {t("lineage.title")}
              </Link>
            }
            actions={
              <Button asChild>
                <Link to={datasetLink(name)}>{t("lineage.toDataset")}</Link>
              </Button>
            }
          >
            {t("lineage.ofLead")}
          </PageHead>
          <ColumnChoice chosen={column} onChoose={(one) => change({ column: one })} />
          {further.failed ? <Failed error={further.failed.error} /> : null}
          {failed ? <Failed error={failed.error} onRetry={() => void failed.refetch()} /> : null}
          <Loaded query={below}>
            {() =>
              graph && drawing ? (
                <OpeningContext value={open}>
                  <Notes facts={graph} />
                  <Tabs
                    label={t("lineage.views")}
                    chosen={view}
                    onChoose={(chosen) => change({ view: VIEWS.find((one) => one === chosen) })}
                    tabs={VIEWS.map((one) => ({
                      name: one,
                      label: t(`lineage.view.${one}`),
                      content: () =>
                        one === "table" ? (
                          <Arrows facts={path ?? graph} />
                        ) : one === "impact" ? (
                          failed ? null : (
                            <Impact name={name} isOfColumn={column !== undefined} path={path} />
                          )
                        ) : (
                          <Picture
                            name={name}
                            drawing={drawing}
                            facts={path ?? graph}
                            isOfColumns={one === "column"}
                          />
                        ),
                    }))}
                  />
                </OpeningContext>
              ) : null
            }
          </Loaded>
        </>
      )}
    </Loaded>
  );
}

function Picture({
  name,
  drawing,
  facts,
  isOfColumns,
}: {
  name: string;
  drawing: Drawing;
  facts: Facts;
  isOfColumns: boolean;
}) {
  const count = drawing.nodes.filter((node) => node.type !== "group").length;
  if (count > MOST_NODES) {
    return (
      <>
        <Empty title={t("lineage.tooMany", { count })}>{t("lineage.tooManyDetail")}</Empty>
        <Arrows facts={facts} />
      </>
    );
  }
  return (
    <>
      <Graph
        label={t("lineage.of", { name })}
        nodes={drawing.nodes}
        edges={drawing.edges}
        nodeTypes={NODE_TYPES}
        focus={name}
      />
      <p className="mt-2 text-xs text-ink-3">
        {t("lineage.keys")} {isOfColumns ? t("lineage.legend") : null}
      </p>
    </>
  );
}

/** The column whose way is shown. */
function ColumnChoice({
  chosen,
  onChoose,
}: {
  chosen: string | undefined;
  onChoose: (column: string | undefined) => void;
}) {
  const facts = useQuery(datasetQuery(useInPath("domain"), useInPath("dataset")));
  const columns = facts.data?.columns.map((one) => one.name) ?? [];
  const options = chosen && !columns.includes(chosen) ? [chosen, ...columns] : columns;
  return (
    <div className="mb-3 max-w-xs">
      <Field label={t("lineage.column")}>
        <Select value={chosen ?? ""} onChange={(event) => onChoose(event.target.value || undefined)}>
          <option value="">{t("lineage.allColumns")}</option>
          {options.map((column) => (
            <option key={column} value={column}>
              {column}
            </option>
          ))}
        </Select>
      </Field>
    </div>
  );
}

/** What the graph cannot say: what was not recorded, or could not be traced. */
function Notes({ facts }: { facts: Facts }) {
  return (
    <div className="mb-2 space-y-1 text-sm empty:hidden">
      {facts.isRecorded ? null : (
        <p className="flex items-center gap-2 text-warn">
          <TriangleAlert className="size-4 shrink-0" aria-hidden />
          {t("lineage.notRecorded")}
        </p>
      )}
      {facts.untraced.size ? (
        <p className="flex items-center gap-2 text-warn">
          <CircleHelp className="size-4 shrink-0" aria-hidden />
          {t("lineage.untracedDetail", { count: facts.untraced.size })}
        </p>
      ) : null}
    </div>
  );
}
