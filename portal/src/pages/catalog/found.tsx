import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Box, Columns3, SearchX, Table2, Tag, Users } from "lucide-react";
import type { Shape } from "@/api/client";
import { searchQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { linkOf, wishLink } from "@/lib/links";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";
import { Empty, Loaded } from "@/ui/state";
import { KINDS, SEARCH } from "./search";

const ICONS = { column: Columns3, dataset: Table2, owner: Users, product: Box, term: Tag };
const MOST = 20;

/** What else words find, in products and around them: datasets, columns, people, terms. */
export function Found({
  words,
  isTyping,
  hasProducts,
}: {
  words: string;
  isTyping: boolean;
  hasProducts: boolean;
}) {
  const [{ kind }, change] = useAddress(SEARCH);
  const found = useQuery({
    // Words that are not at their end are no demand when nothing is called so.
    ...searchQuery({ q: words, kind, limit: MOST, is_typing: isTyping }),
    placeholderData: keepPreviousData,
  });
  return (
    <Loaded query={found}>
      {({ results, is_full }) =>
        results.length || kind || hasProducts ? (
          <section aria-labelledby="found" className="space-y-2">
            <div className="flex flex-wrap items-center gap-2">
              <h2 id="found" className="flex-1 text-sm font-semibold">
                {is_full
                  ? t("catalog.foundMore", { amount: results.length })
                  : t("catalog.found", { count: results.length })}
              </h2>
              <Select
                aria-label={t("catalog.kind")}
                value={kind ?? ""}
                className="w-auto!"
                onChange={(event) => change({ kind: KINDS.find((one) => one === event.target.value) })}
              >
                <option value="">{t("catalog.everything")}</option>
                {KINDS.map((one) => (
                  <option key={one} value={one}>
                    {t(`shell.kind.${one}`)}
                  </option>
                ))}
              </Select>
            </div>
            {results.length ? (
              <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-panel">
                {results.map((hit) => (
                  <Hit key={`${hit.kind} ${hit.name}`} hit={hit} />
                ))}
              </ul>
            ) : (
              <p className="text-sm text-ink-2">{t("catalog.noSuchKind")}</p>
            )}
          </section>
        ) : (
          <Empty
            icon={SearchX}
            title={t("catalog.nothing", { words })}
            action={
              <Button asChild kind="primary">
                <Link to={wishLink(words)}>{t("catalog.wish")}</Link>
              </Button>
            }
          >
            {t("catalog.nothingDetail")}
          </Empty>
        )
      }
    </Loaded>
  );
}

function Hit({ hit }: { hit: Shape<"HitShape"> }) {
  const Icon = ICONS[hit.kind];
  return (
    <li className="relative flex gap-3 px-3 py-2 hover:bg-sunken">
      <Icon className="mt-0.5 size-4 shrink-0 text-ink-3" aria-hidden />
      <div className="min-w-0 flex-1 text-sm">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <Link
            to={linkOf(hit)}
            className="font-medium wrap-anywhere text-accent after:absolute after:inset-0 hover:underline"
          >
            <Marked hit={hit} field="title" text={hit.title || hit.name} />
          </Link>
          {hit.title && hit.title !== hit.name ? (
            <span className="font-mono text-xs wrap-anywhere text-ink-3">{hit.name}</span>
          ) : null}
          <span className="text-xs text-ink-3">{t(`shell.kind.${hit.kind}`)}</span>
          {hit.tags.slice(0, 3).map((tag) => (
            <Badge key={tag}>{tag}</Badge>
          ))}
        </p>
        {hit.description ? (
          <p className="line-clamp-2 text-ink-2">
            <Marked hit={hit} field="description" text={hit.description} />
          </p>
        ) : null}
      </div>
      <span className="hidden text-xs text-ink-3 md:block">{hit.owner}</span>
    </li>
  );
}

/** A text with the searched words marked. */
function Marked({ hit, field, text }: { hit: Shape<"HitShape">; field: string; text: string }) {
  const parts = hit.highlights[field];
  if (!parts) return text;
  return parts.map((part, place) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text keep their order
    part.is_match ? <mark key={place}>{part.text}</mark> : part.text,
  );
}
