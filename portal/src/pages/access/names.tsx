import { Link } from "@tanstack/react-router";
import { t } from "@/i18n/texts";
import { productLink, teamLink, userLink } from "@/lib/links";

/** Split `team:growth`; who has no kind is a person. */
function parts(id: string): { kind: string; name: string } {
  const place = id.indexOf(":");
  return place < 0 ? { kind: "user", name: id } : { kind: id.slice(0, place), name: id.slice(place + 1) };
}

/** Return somebody's name as people say it: "amina", "team growth". */
export function nameOf(id: string): string {
  const { kind, name } = parts(id);
  switch (kind) {
    case "user":
      return name;
    case "team":
      return t("access.team", { name });
    case "product":
      return t("access.product", { name });
    case "policy":
      return t("access.policy", { name });
    default:
      return id;
  }
}

/** Whoever asks, gets or decides; with a link where they have a page. */
export function Name({ id }: { id: string }) {
  const { kind, name } = parts(id);
  const to =
    kind === "user"
      ? userLink(name)
      : kind === "team"
        ? teamLink(name)
        : kind === "product"
          ? productLink(name)
          : null;
  if (!to) return <span className="wrap-anywhere">{nameOf(id)}</span>;
  return (
    <Link to={to} className="wrap-anywhere text-accent hover:underline">
      {nameOf(id)}
    </Link>
  );
}

/** Several of them: "team sales-operations, grace.nakato or a steward". */
export function deciders(ids: readonly string[]): string {
  return t("access.deciders", { names: ids.map(nameOf).join(", ") });
}
