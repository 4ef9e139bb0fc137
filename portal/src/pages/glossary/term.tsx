import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { SearchX, SquareTerminal } from "lucide-react";
import type { ReactNode } from "react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { datasetLink, linkOf, sqlLink, termLink } from "@/lib/links";
import { Badge, Status } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Facts, Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { type Column, Table } from "@/ui/table";
import { termQuery } from "./queries";

/** One term: what it means, what else it is called, where it stands in the data, and what that looks like. */
export function Term({ name }: { name: string }) {
  const term = useQuery(termQuery(name));
  const missing = (
    <Empty icon={SearchX} title={t("glossary.missing", { term: name })}>
      {t("glossary.missingDetail")}
    </Empty>
  );
  return (
    <Loaded query={term} missing={missing}>
      {(one) => (
        <article aria-label={one.name} className="space-y-4">
          <Panel title={one.name}>
            <p className="mb-3 max-w-[70ch] whitespace-pre-line">{one.meaning}</p>
            <Facts facts={facts(one)} />
          </Panel>
          <Example term={one} />
          {one.links.length ? (
            <Panel title={t("glossary.data")} isFlush>
              <Table
                label={t("glossary.data")}
                rows={one.links}
                rowKey={(link) => link.name}
                columns={LINKS()}
              />
            </Panel>
          ) : (
            <p className="px-1 text-sm text-ink-2">{t("glossary.noData")}</p>
          )}
        </article>
      )}
    </Loaded>
  );
}

function facts(term: Shape<"TermShape">) {
  const known: [string, ReactNode][] = [];
  if (term.synonyms.length) known.push([t("glossary.synonyms"), term.synonyms.join(", ")]);
  if (term.related.length) {
    known.push([
      t("glossary.related"),
      <span key="related" className="flex flex-wrap gap-x-3">
        {term.related.map((one) => (
          <Link key={one} to={termLink(one)} className="text-accent hover:underline">
            {one}
          </Link>
        ))}
      </span>,
    ]);
  }
  if (term.owner) {
    known.push([
      t("glossary.owner"),
      <Link
        key="owner"
        to={linkOf({ kind: "owner", name: term.owner, links: [] })}
        className="text-accent hover:underline"
      >
        {term.owner}
      </Link>,
    ]);
  }
  return known;
}

/** A few values of a column that the term speaks of, as whoever looks may see them. */
function Example({ term }: { term: Shape<"TermShape"> }) {
  const { example } = term;
  if (!example) {
    return term.links.length ? <p className="px-1 text-sm text-ink-2">{t("glossary.noExample")}</p> : null;
  }
  const { dataset, column, values, clearance } = example;
  const quoted = `"${column.replaceAll('"', '""')}"`;
  const sql = `SELECT ${quoted}, count(*) AS rows\nFROM ${dataset}\nGROUP BY 1\nORDER BY 2 DESC\nLIMIT 20`;
  return (
    <Panel
      title={t("glossary.example")}
      actions={
        <Button asChild size="small">
          <Link to={sqlLink(sql)}>
            <SquareTerminal aria-hidden />
            {t("glossary.more")}
          </Link>
        </Button>
      }
    >
      <p className="mb-2 text-sm text-ink-2">
        {t("glossary.exampleOf")}{" "}
        <Link
          to={linkOf({ kind: "column", name: `${dataset}.${column}`, links: [] })}
          className="font-mono text-xs break-all text-accent hover:underline"
        >
          {dataset}.{column}
        </Link>{" "}
        <Status tone={clearance === "clear" ? "ok" : "warn"}>
          {clearance === "clear" ? t("glossary.clear") : t("glossary.masked")}
        </Status>
      </p>
      <ul className="flex flex-wrap gap-1.5">
        {values.map((value) => (
          <li key={value} className="rounded bg-sunken px-2 py-0.5 font-mono text-xs break-all">
            {value}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const LINKS = (): Column<Shape<"TermLinkShape">>[] => [
  {
    id: "name",
    head: t("glossary.column"),
    value: (link) => link.name,
    cell: (link) => (
      <Link
        to={link.column ? linkOf({ kind: "column", name: link.name, links: [] }) : datasetLink(link.name)}
        className="font-mono text-xs break-all text-accent hover:underline"
      >
        {link.name}
      </Link>
    ),
  },
  {
    id: "type",
    head: t("glossary.type"),
    cell: (link) =>
      link.type ? (
        <span className="font-mono text-xs">{link.type}</span>
      ) : (
        <Badge>{t("glossary.dataset")}</Badge>
      ),
    hiddenBelow: "sm",
  },
  { id: "meaning", head: t("glossary.meaning"), cell: (link) => link.description, hiddenBelow: "sm" },
];
