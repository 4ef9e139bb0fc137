import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowLeft, BookA } from "lucide-react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { classes } from "@/lib/classes";
import { Input } from "@/ui/field";
import { PageHead } from "@/ui/page";
import { Empty, Loaded } from "@/ui/state";
import { termsQuery } from "./queries";
import { SEARCH } from "./search";
import { Term } from "./term";

/** What the organisation's words mean: the list of terms, and the one that is chosen. */
export function Page() {
  const [{ term, q }, change] = useAddress(SEARCH);
  const terms = useQuery(termsQuery);
  return (
    <>
      <PageHead title={t("glossary.title")}>{t("glossary.lead")}</PageHead>
      <Loaded query={terms}>
        {(all) =>
          all.length === 0 ? (
            <Empty icon={BookA} title={t("glossary.none")}>
              {t("glossary.noneDetail")}
            </Empty>
          ) : (
            <div className="grid items-start gap-4 lg:grid-cols-[280px_1fr]">
              <nav
                aria-label={t("glossary.terms")}
                className={classes("space-y-2", term !== undefined && "max-lg:hidden")}
              >
                <Input
                  type="search"
                  value={q ?? ""}
                  onChange={(event) => change({ q: event.target.value || undefined })}
                  aria-label={t("glossary.narrow")}
                  placeholder={t("glossary.narrow")}
                  maxLength={100}
                />
                <Terms terms={all.filter((one) => isMeant(one, q ?? ""))} chosen={term} words={q} />
              </nav>
              {term === undefined ? (
                <p className="hidden rounded-lg border border-line border-dashed p-6 text-sm text-ink-2 lg:block">
                  {t("glossary.choose")}
                </p>
              ) : (
                <div className="min-w-0 space-y-3">
                  <Link
                    to="/glossary"
                    className="inline-flex items-center gap-1 text-sm text-accent hover:underline lg:hidden"
                  >
                    <ArrowLeft className="size-4" aria-hidden />
                    {t("glossary.allTerms")}
                  </Link>
                  <Term key={term} name={term} />
                </div>
              )}
            </div>
          )
        }
      </Loaded>
    </>
  );
}

/** Return whether a term is what somebody types: its name, a synonym, or a word of its meaning. */
function isMeant(term: Shape<"TermShape">, words: string): boolean {
  const wanted = words.trim().toLowerCase();
  return [term.name, ...term.synonyms, term.meaning].some((text) => text.toLowerCase().includes(wanted));
}

function Terms({
  terms,
  chosen,
  words,
}: {
  terms: readonly Shape<"TermShape">[];
  chosen: string | undefined;
  /** What the list is narrowed to: it stays so when one of it is chosen. */
  words: string | undefined;
}) {
  if (!terms.length) return <p className="px-1 text-sm text-ink-2">{t("glossary.noMatch")}</p>;
  return (
    <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-panel">
      {terms.map((one) => {
        const isChosen = one.name.toLowerCase() === chosen?.toLowerCase();
        return (
          <li key={one.name}>
            <Link
              to="/glossary"
              search={{ term: one.name, q: words }}
              aria-current={isChosen ? "true" : undefined}
              className={classes(
                "block px-3 py-2 text-sm hover:bg-sunken",
                isChosen && "bg-accent-soft shadow-[inset_2px_0_0_var(--accent)]",
              )}
            >
              <span className="block font-medium break-words">{one.name}</span>
              <span className="line-clamp-2 text-xs text-ink-2">{one.meaning}</span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
