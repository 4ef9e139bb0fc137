import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { t } from "@/i18n/texts";
import { formatMoment } from "@/lib/format";
import { datasetLink } from "@/lib/links";
import { Badge } from "@/ui/badge";
import { Facts } from "@/ui/panel";
import { Time } from "@/ui/time";
import { Name } from "./names";
import { inWords } from "./predicate";
import type { Agreement, Request } from "./queries";

/** What is asked for or agreed, below each other. */
export function Terms({ of }: { of: Request | Agreement }) {
  const facts: [string, ReactNode][] = [
    [
      t("access.dataset"),
      <Link key="dataset" to={datasetLink(of.dataset)} className="font-mono text-accent hover:underline">
        {of.dataset}
      </Link>,
    ],
    [t("access.for"), <Name key="for" id={of.grantee} />],
    [t("access.purpose"), of.purpose],
    [t("access.columns"), <ColumnNames key="columns" names={of.columns} />],
    [t("access.rows"), inWords(of.rows)],
    [t("access.until"), <Until key="until" at={of.until} />],
  ];
  if ("justification" in of) facts.push([t("access.why"), of.justification]);
  else if (of.reassess_at) facts.push([t("access.reassessAt"), <Time key="again" at={of.reassess_at} />]);
  return <Facts facts={facts} />;
}

/** The day on which something ends, and how far that is. */
export function Until({ at }: { at: string }) {
  return (
    <span>
      {formatMoment(at)}{" "}
      <span className="text-xs text-ink-3">
        (<Time at={at} />)
      </span>
    </span>
  );
}

export function ColumnNames({ names }: { names: readonly string[] }) {
  return (
    <span className="flex flex-wrap gap-1">
      {names.map((name) => (
        <Badge key={name}>
          <span className="font-mono">{name}</span>
        </Badge>
      ))}
    </span>
  );
}
