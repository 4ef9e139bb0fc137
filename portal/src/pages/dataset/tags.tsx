import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api, once, type Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { lineageLink } from "@/lib/links";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { Empty, Failed, Loaded } from "@/ui/state";
import { type Column, Table } from "@/ui/table";
import { Time } from "@/ui/time";
import { DeclareDialog } from "./declare-dialog";
import { declarationsQuery, type Named, tagsQuery } from "./queries";

type ColumnTags = Shape<"ColumnTagsFacts">;
type Declaration = Shape<"DeclarationFacts">;

/** For whoever answers for a dataset: what its columns carry on from what they are made of, and what ends here. */
export function Tags({ name, named }: { name: string; named: Named }) {
  const tags = useQuery(tagsQuery(named));
  const [declaring, setDeclaring] = useState<ColumnTags>();
  return (
    <div className="space-y-4">
      <Loaded query={tags}>
        {(columns) => (
          <Panel isFlush>
            <Table
              label={t("dataset.tags")}
              rows={columns}
              rowKey={(one) => one.column}
              columns={columnsOf(name, setDeclaring)}
            />
          </Panel>
        )}
      </Loaded>
      <Declarations name={name} />
      {declaring ? (
        <DeclareDialog named={named} column={declaring} onClose={() => setDeclaring(undefined)} />
      ) : null}
    </div>
  );
}

function columnsOf(dataset: string, declare: (column: ColumnTags) => void): Column<ColumnTags>[] {
  return [
    {
      id: "column",
      head: t("dataset.column"),
      value: (one) => one.column,
      cell: (one) => (
        <Link
          to={lineageLink(dataset, one.column)}
          className="font-mono text-xs wrap-anywhere text-accent hover:underline"
        >
          {one.column}
        </Link>
      ),
    },
    {
      id: "own",
      head: t("dataset.ownTags"),
      hiddenBelow: "sm",
      cell: (one) => (
        <span className="flex flex-wrap gap-1">
          {one.tags.map((tag) => (
            <Badge key={tag} tone="info">
              {tag}
            </Badge>
          ))}
        </span>
      ),
    },
    {
      id: "inherited",
      head: t("dataset.inherited"),
      cell: (one) => (
        <ul className="space-y-0.5">
          {Object.entries(one.inherited).map(([tag, origins]) => (
            <li key={tag} className="text-xs wrap-anywhere text-ink-2">
              <Badge tone="info">{tag}</Badge> {origins.join(", ")}
            </li>
          ))}
        </ul>
      ),
    },
    {
      id: "classification",
      head: t("dataset.classification"),
      value: (one) => one.classification,
      cell: (one) => (
        <div>
          <Badge>{one.classification}</Badge>
          {one.classification_from.length ? (
            <p className="mt-0.5 text-xs wrap-anywhere text-ink-3">
              {t("dataset.because", { columns: one.classification_from.join(", ") })}
            </p>
          ) : null}
        </div>
      ),
    },
    {
      id: "declare",
      head: <span className="sr-only">{t("dataset.declare")}</span>,
      cell: (one) =>
        Object.keys(one.inherited).length || one.classification_from.length ? (
          <Button
            size="small"
            onClick={() => declare(one)}
            aria-label={t("dataset.declareOf", { column: one.column })}
          >
            {t("dataset.declare")}
          </Button>
        ) : null,
    },
  ];
}

function Declarations({ name }: { name: string }) {
  const declarations = useQuery(declarationsQuery(name));
  const queryClient = useQueryClient();
  const withdraw = useMutation({
    mutationFn: (id: string) =>
      answer(api.POST("/api/v1/declarations/{id}/withdrawal", { params: { path: { id } }, headers: once() })),
    onSuccess: () => queryClient.invalidateQueries(),
  });
  return (
    <Panel title={t("dataset.declarations")}>
      {withdraw.isError ? <Failed error={withdraw.error} /> : null}
      <Loaded query={declarations}>
        {(list) =>
          list.length ? (
            <ul className="divide-y divide-line">
              {list.map((one) => (
                <Declared
                  key={one.id}
                  one={one}
                  isPending={withdraw.isPending}
                  onWithdraw={() => withdraw.mutate(one.id)}
                />
              ))}
            </ul>
          ) : (
            <Empty title={t("dataset.noDeclarations")}>{t("dataset.noDeclarationsDetail")}</Empty>
          )
        }
      </Loaded>
    </Panel>
  );
}

function Declared({
  one,
  isPending,
  onWithdraw,
}: {
  one: Declaration;
  isPending: boolean;
  onWithdraw: () => void;
}) {
  return (
    <li className="flex flex-wrap items-start gap-3 py-2 text-sm">
      <div className="min-w-0 flex-1 basis-60">
        <p>
          <span className="font-mono text-xs">{one.column}</span>{" "}
          {one.tag
            ? t("dataset.withoutTag", { tag: one.tag })
            : t("dataset.isClassified", { classification: one.classification ?? "" })}
        </p>
        <p className="text-ink-2">{one.reason}</p>
        <p className="text-xs text-ink-3">
          {one.declared_by} <Time at={one.declared_at} />
        </p>
      </div>
      {one.withdrawn_at ? (
        <Badge>{t("dataset.withdrawn")}</Badge>
      ) : (
        <Button
          size="small"
          disabled={isPending}
          aria-label={`${t("dataset.withdraw")}: ${one.column}`}
          onClick={onWithdraw}
        >
          {t("dataset.withdraw")}
        </Button>
      )}
    </li>
  );
}
