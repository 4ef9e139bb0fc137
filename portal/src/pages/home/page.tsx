import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import type { FormEvent } from "react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { classes } from "@/lib/classes";
import { Button } from "@/ui/button";
import { Input } from "@/ui/field";
import { PageHead } from "@/ui/page";
import { Bars, Loaded } from "@/ui/state";
import { Broken } from "./broken";
import { Changed } from "./changed";
import { Products } from "./products";
import { homeQuery } from "./queries";
import { Waiting } from "./waiting";
import { Welcome } from "./welcome";

/** What somebody looks at first: what waits for them, what is theirs, what changed, and what is broken. */
export function Page() {
  const home = useQuery(homeQuery);
  return (
    <>
      <PageHead title={t("home.title")} />
      <SearchForm />
      <Loaded query={home} skeleton={<Bars rows={8} />}>
        {(found) => <Parts found={found} />}
      </Loaded>
    </>
  );
}

function SearchForm() {
  const navigate = useNavigate();
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const words = String(new FormData(event.currentTarget).get("q")).trim();
    void navigate({ to: "/catalog", search: words ? { q: words } : {} });
  };
  return (
    <search className="mb-5 block">
      <form onSubmit={onSubmit} className="flex gap-2">
        <div className="relative min-w-0 flex-1">
          <Search className="pointer-events-none absolute top-3 left-3 size-4 text-ink-3" aria-hidden />
          <Input
            type="search"
            name="q"
            aria-label={t("home.searchLabel")}
            placeholder={t("home.searchHint")}
            className="h-10! pl-9! text-base!"
            autoComplete="off"
            maxLength={200}
          />
        </div>
        <Button type="submit" kind="primary" className="h-10!">
          {t("home.search")}
        </Button>
      </form>
    </search>
  );
}

function Parts({ found }: { found: Shape<"HomeFacts"> }) {
  const isNew = found.mine.length === 0 && found.used.length === 0;
  const isBroken = found.broken.incidents.length > 0 || found.broken.datasets.length > 0;
  return (
    <div className="space-y-4">
      {isNew ? <Welcome products={found.products_total} /> : null}
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_360px]">
        <div className="min-w-0 space-y-4">
          {isNew && found.waiting.length === 0 ? null : <Waiting duties={found.waiting} />}
          {found.mine.length ? (
            <Products title={t("home.mine")} products={found.mine} total={found.mine_total} />
          ) : null}
          {found.used.length ? (
            <Products title={t("home.used")} products={found.used} total={found.used_total} />
          ) : null}
          {isNew ? <Changed changes={found.changed} isOfAll={found.is_changed_of_all} /> : null}
        </div>
        {isNew && !isBroken ? null : (
          <div
            className={classes(
              "min-w-0 space-y-4",
              // What is broken comes first on a phone; that nothing is, does not.
              isBroken && found.waiting.length === 0 && "max-lg:-order-1",
            )}
          >
            <Broken found={found.broken} />
            {isNew ? null : <Changed changes={found.changed} isOfAll={found.is_changed_of_all} />}
          </div>
        )}
      </div>
    </div>
  );
}
