import type { InfiniteData, UseInfiniteQueryResult, UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { t } from "@/i18n/texts";
import { Button } from "@/ui/button";
import { Loaded } from "@/ui/state";

/** What the pages of a list hold so far, as one list. */
export function Pages<Page, Item>({
  query,
  items,
  forbidden,
  children,
}: {
  query: UseInfiniteQueryResult<InfiniteData<Page>, Error>;
  items: (page: Page) => readonly Item[];
  forbidden?: ReactNode;
  children: (items: readonly Item[]) => ReactNode;
}) {
  return (
    <Loaded query={query as UseQueryResult<InfiniteData<Page>, Error>} forbidden={forbidden}>
      {(data) => children(data.pages.flatMap((page) => [...items(page)]))}
    </Loaded>
  );
}

/** The way to what is older; nothing where all of it is there. */
export function Older({
  query,
}: {
  query: Pick<UseInfiniteQueryResult, "hasNextPage" | "fetchNextPage" | "isFetchingNextPage">;
}) {
  if (!query.hasNextPage) return null;
  return (
    <div className="text-center">
      <Button onClick={() => void query.fetchNextPage()} disabled={query.isFetchingNextPage}>
        {t("governance.older")}
      </Button>
    </div>
  );
}
