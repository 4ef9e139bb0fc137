import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronRight, Lock, MoreHorizontal, Table2 } from "lucide-react";
import { useState } from "react";
import { datasetQuery, datasetsQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { split } from "@/lib/address";
import { classes } from "@/lib/classes";
import { askLink } from "@/lib/links";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Input } from "@/ui/field";
import { Empty, Loaded } from "@/ui/state";
import { DatasetMenu } from "./dataset-menu";
import { type Readable, readableQuery } from "./queries";

const MOST = 200;

/** What one may read, to look through and to put into the text; and what one may ask for. */
export function Tree({
  onInsert,
  onOpen,
}: {
  onInsert: (text: string) => void;
  onOpen: (sql: string) => void;
}) {
  const [words, setWords] = useState("");
  const readable = useQuery(readableQuery);
  const all = useQuery(datasetsQuery);
  const isWanted = (name: string, columns: Readable["columns"] = []) =>
    [name, ...columns.map((column) => column.name)].some((one) =>
      one.toLowerCase().includes(words.trim().toLowerCase()),
    );
  return (
    <Loaded query={readable}>
      {(list) => {
        const known = new Set(list.map((one) => one.name));
        const shown = list.filter((one) => isWanted(one.name, one.columns));
        const closed = (all.data ?? []).filter((one) => !known.has(one.name) && isWanted(one.name));
        return (
          <div className="space-y-2">
            <Input
              type="search"
              value={words}
              onChange={(event) => setWords(event.target.value)}
              aria-label={t("sql.filter")}
              placeholder={t("sql.filter")}
            />
            {shown.length ? (
              <ul aria-label={t("sql.readable")}>
                {shown.slice(0, MOST).map((one) => (
                  <Dataset key={one.name} dataset={one} onInsert={onInsert} onOpen={onOpen} />
                ))}
              </ul>
            ) : (
              <Empty title={words ? t("sql.noneFound", { words }) : t("sql.noneReadable")}>
                {words ? null : t("sql.noneReadableDetail")}
              </Empty>
            )}
            {shown.length > MOST ? <p className="text-xs text-ink-3">{t("sql.narrow")}</p> : null}
            {closed.length ? (
              <details className="border-t border-line pt-2 text-sm">
                <summary className="text-xs text-ink-3">{t("sql.askable", { count: closed.length })}</summary>
                <ul className="mt-1">
                  {closed.slice(0, MOST).map((one) => (
                    <li key={one.name}>
                      <Link
                        to={askLink(one.name)}
                        title={t("sql.askFor", { dataset: one.name })}
                        className="flex min-h-7 items-center gap-1.5 rounded px-1 font-mono text-xs text-ink-2 hover:bg-sunken"
                      >
                        <Lock className="size-3.5 shrink-0" aria-hidden />
                        <span className="min-w-0 wrap-anywhere">{one.name}</span>
                      </Link>
                    </li>
                  ))}
                </ul>
              </details>
            ) : null}
          </div>
        );
      }}
    </Loaded>
  );
}

function Dataset({
  dataset,
  onInsert,
  onOpen,
}: {
  dataset: Readable;
  onInsert: (text: string) => void;
  onOpen: (sql: string) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <li>
      <div className="flex items-center rounded hover:bg-sunken">
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="flex min-h-7 min-w-0 flex-1 items-center gap-1 px-1 text-left font-mono text-xs"
        >
          <ChevronRight
            className={classes("size-3.5 shrink-0 text-ink-3", isOpen && "rotate-90")}
            aria-hidden
          />
          <Table2 className="size-3.5 shrink-0 text-ink-3" aria-hidden />
          <span className="min-w-0 wrap-anywhere">{dataset.name}</span>
        </button>
        <DatasetMenu
          dataset={dataset.name}
          onInsert={onInsert}
          onOpen={onOpen}
          trigger={
            <Button kind="quiet" size="iconSmall" aria-label={t("sql.actions", { dataset: dataset.name })}>
              <MoreHorizontal aria-hidden />
            </Button>
          }
        />
      </div>
      {isOpen ? <Columns dataset={dataset} onInsert={onInsert} /> : null}
    </li>
  );
}

function Columns({ dataset, onInsert }: { dataset: Readable; onInsert: (text: string) => void }) {
  const { domain, rest } = split(dataset.name);
  const facts = useQuery(datasetQuery(domain, rest));
  const told = new Map(facts.data?.columns.map((column) => [column.name, column]));
  return (
    <ul className="ml-3 border-l border-line pl-2">
      {dataset.columns.map(({ name, type }) => {
        const column = told.get(name);
        return (
          <li key={name}>
            <button
              type="button"
              onClick={() => onInsert(/^[a-z_][a-z_\d]*$/.test(name) ? name : `"${name}"`)}
              title={column?.description || t("sql.insert", { name })}
              className="flex min-h-6 w-full flex-wrap items-center gap-x-1.5 rounded px-1 text-left hover:bg-sunken"
            >
              <span className="font-mono text-xs wrap-anywhere">{name}</span>
              <span className="text-2xs text-ink-3">{type.toLowerCase()}</span>
              {column?.tags.map((tag) => (
                <Badge key={tag} tone="info">
                  {tag}
                </Badge>
              ))}
              {column?.clearance === "masked" ? <Badge tone="warn">{t("sql.masked")}</Badge> : null}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
