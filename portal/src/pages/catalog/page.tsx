import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { Input } from "@/ui/field";
import { PageHead } from "@/ui/page";
import { Found } from "./found";
import { Products } from "./products";
import { SEARCH } from "./search";

const STILL_MS = 1000;

/** Everything that there is for whoever looks: all products, or what a search finds. */
export function Page() {
  const [{ q }, change] = useAddress(SEARCH);
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
    change({ q: said.current || undefined });
  };
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
      {q ? <Found words={q} isTyping={isTyping} /> : <Products />}
    </>
  );
}
