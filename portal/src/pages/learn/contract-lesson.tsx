import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { answer, api, type Shape } from "@/api/client";
import { datasetQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { split } from "@/lib/address";
import { datasetLink } from "@/lib/links";
import { Status } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Marks } from "@/ui/marks";
import { Facts } from "@/ui/panel";
import { Loaded } from "@/ui/state";

const SHOWN = 4;
type Dataset = Shape<"DatasetFacts">;

/** A real contract, part by part, each with what it says and how to read it. */
export function ContractLesson({ dataset }: { dataset: string }) {
  const { domain, rest } = split(dataset);
  const facts = useQuery(datasetQuery(domain, rest));
  return (
    <Loaded query={facts}>
      {(one) => (
        <ol className="space-y-4">
          <Part name="dataset">
            <Facts
              facts={[
                [t("learn.contractName"), `${one.name} · ${one.contract}`],
                [t("learn.description"), one.description],
                [t("learn.owner"), one.owner],
              ]}
            />
          </Part>
          <Part name="columns">
            <Columns dataset={one} tell={(column) => (column.required ? t("learn.required") : "")} />
          </Part>
          <Part name="classification">
            <Columns dataset={one} tell={(column) => <Marks column={column} />} />
          </Part>
          <Part name="clearance">
            <Columns
              dataset={one}
              tell={(column) =>
                column.clearance ? (
                  <Status tone={column.clearance === "clear" ? "ok" : "warn"}>
                    {column.clearance === "clear" ? t("learn.clear") : t("learn.masked")}
                  </Status>
                ) : null
              }
            />
          </Part>
          <Part name="access">
            <Status tone={one.access.is_allowed ? "ok" : "warn"}>
              {one.access.is_allowed ? t("learn.mayRead") : t("learn.mayNotRead")}
            </Status>
            <ul className="mt-1 list-disc pl-5 text-sm text-ink-2">
              {one.access.reasons.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          </Part>
          <Part name="rules">
            <Rules dataset={one.name} />
          </Part>
          <li>
            <Button asChild kind="primary">
              <Link to={datasetLink(one.name)}>{t("learn.toDataset")}</Link>
            </Button>
          </li>
        </ol>
      )}
    </Loaded>
  );
}

function Part({
  name,
  children,
}: {
  name: "access" | "classification" | "clearance" | "columns" | "dataset" | "rules";
  children: ReactNode;
}) {
  return (
    <li className="grid gap-3 rounded-lg border border-line bg-panel p-4 lg:grid-cols-[320px_1fr]">
      <div>
        <h2 className="font-semibold">{t(`learn.contract.${name}`)}</h2>
        <p className="text-sm text-ink-2">{t(`learn.contract.${name}.say`)}</p>
      </div>
      <div className="min-w-0 text-sm">{children}</div>
    </li>
  );
}

function Columns({ dataset, tell }: { dataset: Dataset; tell: (column: Shape<"ColumnFacts">) => ReactNode }) {
  return (
    <ul className="divide-y divide-line">
      {dataset.columns.slice(0, SHOWN).map((column) => (
        <li key={column.name} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 py-1.5">
          <span className="font-mono text-xs break-all">{column.name}</span>
          <span className="font-mono text-xs text-ink-3">{column.type}</span>
          <span className="min-w-40 flex-1">{column.description}</span>
          <span className="text-xs text-ink-2">{tell(column)}</span>
        </li>
      ))}
    </ul>
  );
}

function Rules({ dataset }: { dataset: string }) {
  const { domain, rest } = split(dataset);
  const report = useQuery({
    queryKey: ["quality", domain, rest],
    queryFn: () =>
      answer(api.GET("/api/v1/quality/{domain}/{dataset}", { params: { path: { domain, dataset: rest } } })),
  });
  return (
    <Loaded query={report} missing={<p>{t("learn.noRules")}</p>}>
      {({ findings }) =>
        findings.length ? (
          <>
            <p>
              {t("learn.rulesKept", {
                passed: findings.filter((one) => one.passed).length,
                rules: findings.length,
              })}
            </p>
            <ul className="mt-1 list-disc pl-5 text-ink-2">
              {findings.slice(0, SHOWN).map((one) => (
                <li key={one.rule}>{one.description || one.rule}</li>
              ))}
            </ul>
          </>
        ) : (
          <p>{t("learn.noRules")}</p>
        )
      }
    </Loaded>
  );
}
