import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Shape } from "@/api/client";
import { datasetQuery, sampleQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { split } from "@/lib/address";
import { cellText, isNumber } from "@/lib/cells";
import { classes } from "@/lib/classes";
import { askLink, sqlLink } from "@/lib/links";
import { Button } from "@/ui/button";
import { Code } from "@/ui/code";
import { Empty, Loaded } from "@/ui/state";

const LESSONS = ["look", "choose", "count", "group", "where"] as const;
type Lesson = (typeof LESSONS)[number];
const ROWS = 5;

/** Five questions to data that whoever reads may read, each with its answer. */
export function SqlLesson({ dataset }: { dataset: string }) {
  const { domain, rest } = split(dataset);
  const facts = useQuery(datasetQuery(domain, rest));
  return (
    <Loaded query={facts}>
      {(one) =>
        one.access.is_allowed && one.columns.length ? (
          <ol className="space-y-4">
            {LESSONS.map((lesson) => (
              <Question key={lesson} lesson={lesson} sql={statement(lesson, one)} />
            ))}
          </ol>
        ) : (
          <Empty
            title={t("learn.notReadable")}
            action={
              <Button asChild>
                <Link to={askLink(one.name)}>{t("learn.askAccess")}</Link>
              </Button>
            }
          >
            {t("learn.notReadableDetail")}
          </Empty>
        )
      }
    </Loaded>
  );
}

const quoted = (name: string) => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);

/** Return a statement over real columns: few different values are best for counting, and text mostly has few. */
function statement(lesson: Lesson, dataset: Shape<"DatasetFacts">): string {
  const { name, columns } = dataset;
  const clear = columns.filter((one) => one.clearance === "clear");
  const known = clear.length ? clear : columns;
  const named = (wanted: RegExp) => known.find((one) => wanted.test(one.name));
  const text =
    named(/channel|country|category|kind|warehouse|department|device|status/) ??
    known.find((one) => /varchar/i.test(one.type)) ??
    known[0];
  const by = quoted(text?.name ?? "1");
  const second = quoted((known.find((one) => one !== text) ?? text)?.name ?? "1");
  switch (lesson) {
    case "look":
      return `SELECT *\nFROM ${name}\nLIMIT 5`;
    case "choose":
      return `SELECT DISTINCT ${by}\nFROM ${name}\nORDER BY ${by}`;
    case "count":
      return `SELECT count(*) AS number_of_rows\nFROM ${name}`;
    case "group":
      return `SELECT ${by}, count(*) AS number_of_rows\nFROM ${name}\nGROUP BY ${by}\nORDER BY number_of_rows DESC`;
    case "where":
      return `SELECT ${by}, ${second}\nFROM ${name}\nWHERE ${by} IS NOT NULL\nLIMIT 5`;
  }
}

function Question({ lesson, sql }: { lesson: Lesson; sql: string }) {
  // More rows than are asked for would be an error: the outer statement takes the first.
  const found = useQuery(sampleQuery(`SELECT * FROM (${sql}) AS answer LIMIT ${ROWS}`, ROWS));
  return (
    <li className="grid gap-3 rounded-lg border border-line bg-panel p-4 lg:grid-cols-2">
      <div className="min-w-0 space-y-2">
        <h2 className="font-semibold">{t(`learn.sql.${lesson}`)}</h2>
        <p className="text-sm text-ink-2">{t(`learn.sql.${lesson}.say`)}</p>
        <Code text={sql} label={`${t("shell.copy")}: ${t(`learn.sql.${lesson}`)}`} />
        <Button asChild size="small">
          <Link to={sqlLink(sql)}>{t("learn.run")}</Link>
        </Button>
      </div>
      <div className="min-w-0">
        <p className="mb-1 text-xs font-medium text-ink-2">{t("learn.answer")}</p>
        <Loaded query={found}>
          {(page) => <Answer page={page as Shape<"Page">} label={t(`learn.sql.${lesson}`)} />}
        </Loaded>
      </div>
    </li>
  );
}

function Answer({ page, label }: { page: Shape<"Page">; label: string }) {
  return (
    <div
      className="overflow-x-auto rounded-md border border-line"
      role="region"
      aria-label={`${t("learn.answer")}: ${label}`}
      tabIndex={0}
    >
      <table className="w-full border-collapse text-xs">
        <thead>
          <tr className="border-b border-line bg-sunken">
            {page.columns.map((column) => (
              <th
                key={column.name}
                scope="col"
                className={classes("px-2 py-1 text-left font-medium", isNumber(column.type) && "text-right")}
              >
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {page.rows.map((row, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an answer's rows have no names
            <tr key={place} className="border-b border-line last:border-b-0">
              {page.columns.map((column, at) => (
                <td
                  key={column.name}
                  className={classes(
                    "px-2 py-1 whitespace-nowrap",
                    isNumber(column.type) && "tnum text-right",
                  )}
                >
                  {row[at] === null ? (
                    <span className="text-ink-3">{t("learn.empty")}</span>
                  ) : (
                    cellText(row[at] as never, column.type)
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
