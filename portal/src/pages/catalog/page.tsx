import { useInfiniteQuery } from "@tanstack/react-query";
import { Search, SearchX } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { Button } from "@/ui/button";
import { Input, Select } from "@/ui/field";
import { PageHead } from "@/ui/page";
import { Empty, Loaded } from "@/ui/state";
import { DomainMap } from "./domain-map";
import { Facets } from "./facets";
import { Found } from "./found";
import { Products } from "./products";
import { askedOf, catalogQuery } from "./queries";
import { FACETS, ORDERS, SEARCH } from "./search";

const STILL_MS = 1000;

/** Everything that there is for whoever looks: products, narrowed and counted, and all else that words find. */
export function Page() {
  const [said, change] = useAddress(SEARCH);
  const { words, isTyping, look } = useWords(said.q, (q) => change({ q }));
  const catalog = useInfiniteQuery(catalogQuery(askedOf(said, isTyping)));
  const isNarrowed = FACETS.some((facet) => said[facet]);
  const widen = () => change(Object.fromEntries(FACETS.map((facet) => [facet, undefined])));
  return (
    <>
      <PageHead title={t("catalog.title")}>{t("catalog.lead")}</PageHead>
      <search className="relative mb-4 block">
        <Search className="pointer-events-none absolute top-3 left-3 size-4 text-ink-3" aria-hidden />
        <Input
          type="search"
          value={words}
          onChange={(event) => look(event.target.value)}
          aria-label={t("catalog.searchLabel")}
          placeholder={t("catalog.searchHint")}
          className="h-10! pl-9! text-base!"
          autoComplete="off"
          maxLength={200}
        />
      </search>
      {said.q || isNarrowed ? null : <DomainMap />}
      <Loaded query={catalog}>
        {({ pages }) => {
          const [first] = pages;
          const products = pages.flatMap((page) => page.products);
          return (
            <div className="grid items-start gap-4 lg:grid-cols-[208px_1fr]">
              <Facets facets={first?.facets ?? {}} />
              <div className="min-w-0 space-y-4">
                <div className="flex flex-wrap items-center gap-2">
                  <span role="status" className="flex-1 text-xs text-ink-3">
                    {t("catalog.products", { count: first?.total ?? 0 })}
                  </span>
                  {isNarrowed ? (
                    <Button kind="quiet" onClick={widen}>
                      {t("catalog.widen")}
                    </Button>
                  ) : null}
                  <Select
                    aria-label={t("catalog.sort")}
                    value={said.sort ?? "fit"}
                    className="w-auto!"
                    onChange={(event) =>
                      change({ sort: ORDERS.find((one) => one !== "fit" && one === event.target.value) })
                    }
                  >
                    {ORDERS.map((one) => (
                      <option key={one} value={one}>
                        {t(`catalog.sort.${one}`)}
                      </option>
                    ))}
                  </Select>
                </div>
                {products.length ? (
                  <Products products={products} />
                ) : said.q ? null : (
                  <Empty icon={SearchX} title={isNarrowed ? t("catalog.noneSo") : t("catalog.none")}>
                    {isNarrowed ? t("catalog.noneSoDetail") : t("catalog.noneDetail")}
                  </Empty>
                )}
                {catalog.hasNextPage ? (
                  <Button onClick={() => void catalog.fetchNextPage()} disabled={catalog.isFetchingNextPage}>
                    {t("catalog.more")}
                  </Button>
                ) : null}
                {said.q ? (
                  <Found words={said.q} isTyping={isTyping} hasProducts={products.length > 0} />
                ) : null}
              </div>
            </div>
          );
        }}
      </Loaded>
    </>
  );
}

/** What is typed, whether somebody still types, and what keeps it in the address. */
function useWords(q: string | undefined, keep: (q: string | undefined) => void) {
  const [words, setWords] = useState(q ?? "");
  const [isTyping, setTyping] = useState(false);
  const said = useRef(q ?? "");
  useEffect(() => {
    // Somebody went back, or came by a link.
    if ((q ?? "") !== said.current) {
      said.current = q ?? "";
      setWords(said.current);
    }
  }, [q]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each key stroke begins the wait anew
  useEffect(() => {
    const timer = setTimeout(() => setTyping(false), STILL_MS);
    return () => clearTimeout(timer);
  }, [words]);
  const look = (text: string) => {
    setWords(text);
    setTyping(true);
    said.current = text.trim();
    keep(said.current || undefined);
  };
  return { words, isTyping, look };
}
