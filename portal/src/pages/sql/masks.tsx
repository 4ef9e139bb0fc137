import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { t } from "@/i18n/texts";
import { agreementLink, askLink, datasetLink } from "@/lib/links";
import { Button } from "@/ui/button";
import { Empty, Loaded } from "@/ui/state";
import { Table } from "@/ui/table";
import { whyQuery } from "./queries";
import { names, namesAll } from "./words";

/** Which masks an answer was made through, and why: for each dataset that it was made from. */
export function Masks({ sql, datasets }: { sql: string; datasets: readonly string[] }) {
  if (!datasets.length) return <Empty icon={CircleCheck} title={t("sql.noDatasets")} />;
  return (
    <div className="space-y-4">
      {datasets.map((dataset) => (
        <Seen key={dataset} sql={sql} dataset={dataset} />
      ))}
    </div>
  );
}

function Seen({ sql, dataset }: { sql: string; dataset: string }) {
  const why = useQuery(whyQuery(dataset));
  return (
    <section className="space-y-2">
      <h3 className="text-sm font-semibold">
        <Link to={datasetLink(dataset)} className="text-accent hover:underline">
          {dataset}
        </Link>
      </h3>
      <Loaded query={why}>
        {({ columns, agreements }) => {
          const used = columns.filter((one) => namesAll(sql) || names(sql, one.name));
          const masked = used.filter((one) => one.clearance === "masked");
          const narrowed = agreements.filter((one) => one.rows !== null);
          return (
            <>
              {masked.length ? (
                <div className="overflow-hidden rounded-md border border-line">
                  <Table
                    label={t("sql.masksOf", { dataset })}
                    rows={masked}
                    rowKey={(one) => one.name}
                    columns={[
                      {
                        id: "column",
                        head: t("sql.column"),
                        value: (one) => one.name,
                        cell: (one) => <span className="font-mono text-xs">{one.name}</span>,
                      },
                      {
                        id: "mask",
                        head: t("sql.mask"),
                        cell: (one) => <span className="font-mono text-xs">{one.mask}</span>,
                      },
                      { id: "because", head: t("sql.because"), cell: (one) => one.mask_because },
                      {
                        id: "ask",
                        head: <span className="sr-only">{t("sql.ask")}</span>,
                        cell: (one) => (
                          <Button asChild size="small">
                            <Link to={askLink(dataset, [one.name])}>{t("sql.askClear")}</Link>
                          </Button>
                        ),
                      },
                    ]}
                  />
                </div>
              ) : (
                <p className="text-sm text-ink-2">
                  {used.length ? t("sql.allClear", { count: used.length }) : t("sql.noColumns")}
                </p>
              )}
              {narrowed.map((one) => (
                <p key={one.id} className="text-sm text-ink-2">
                  {t("sql.someRows")}{" "}
                  <Link to={agreementLink(one.id)} className="text-accent hover:underline">
                    {t("sql.agreement", { id: one.id })}
                  </Link>
                </p>
              ))}
            </>
          );
        }}
      </Loaded>
    </section>
  );
}
