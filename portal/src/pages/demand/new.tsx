import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { type FormEvent, useDeferredValue, useState } from "react";
import { answer, api, once, type Shape } from "@/api/client";
import { searchQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { linkOf } from "@/lib/links";
import { Button } from "@/ui/button";
import { Field, Input, Textarea } from "@/ui/field";
import { PageHead } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Failed } from "@/ui/state";
import { wishesQuery } from "./queries";
import { NEW_SEARCH } from "./search";
import { VoteButton } from "./wishes";

const SHOWN = 5;

/** Ask for data that nobody offers; what is there already, or was asked for already, is shown while one writes. */
export function Page() {
  const [{ text = "" }] = useAddress(NEW_SEARCH);
  const [title, setTitle] = useState(text);
  const router = useRouter();
  const queryClient = useQueryClient();
  const wish = useMutation({
    mutationFn: (body: Shape<"NewWish">) => answer(api.POST("/api/v1/wishes", { body, headers: once() })),
    onSuccess: async (made) => {
      await queryClient.invalidateQueries({ queryKey: ["wishes"] });
      await router.navigate({ to: "/demand", search: { wish: made.id } });
    },
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    wish.mutate({ title, reason: String(new FormData(event.currentTarget).get("reason")) });
  };
  return (
    <>
      <PageHead
        title={t("demand.ask")}
        above={
          <Link to="/demand" className="hover:underline">
            {t("demand.title")}
          </Link>
        }
      >
        {t("demand.askLead")}
      </PageHead>
      <div className="grid items-start gap-4 lg:grid-cols-[1fr_360px]">
        <form onSubmit={onSubmit} className="max-w-2xl space-y-3">
          <Field label={t("demand.what")} hint={t("demand.whatHint")}>
            <Input
              value={title}
              onChange={(event) => setTitle(event.target.value)}
              required
              maxLength={120}
              autoComplete="off"
            />
          </Field>
          <Field label={t("demand.why")} hint={t("demand.whyHint")}>
            <Textarea name="reason" required maxLength={1000} />
          </Field>
          {wish.isError ? <Failed error={wish.error} /> : null}
          <Button kind="primary" type="submit" disabled={wish.isPending}>
            {t("demand.send")}
          </Button>
        </form>
        <Alike title={title.trim()} />
      </div>
    </>
  );
}

/** What is there already by these words, and who asked for the like before. */
function Alike({ title }: { title: string }) {
  const asked = useDeferredValue(title);
  const isLong = asked.length > 2;
  const found = useQuery({
    // Words that are still being written are no search in vain.
    ...searchQuery({ q: asked, limit: SHOWN, is_typing: true }),
    enabled: isLong,
    placeholderData: (before) => before,
  });
  const wishes = useQuery(wishesQuery());
  const words = new Set(asked.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []);
  const alike = (wishes.data ?? [])
    .filter((one) => [...words].some((word) => one.title.toLowerCase().includes(word)))
    .slice(0, SHOWN);
  const hits = isLong ? (found.data?.results ?? []).filter((hit) => hit.kind !== "owner") : [];
  return (
    <div className="space-y-4">
      {alike.length ? (
        <Panel title={t("demand.alike")}>
          <ul className="space-y-2">
            {alike.map((one) => (
              <li key={one.id} className="flex items-center gap-3 text-sm">
                <VoteButton wish={one} />
                <Link
                  to="/demand"
                  search={{ wish: one.id }}
                  className="min-w-0 break-words text-accent hover:underline"
                >
                  {one.title}
                </Link>
              </li>
            ))}
          </ul>
        </Panel>
      ) : null}
      {hits.length ? (
        <Panel title={t("demand.thereAlready")}>
          <ul className="space-y-1.5">
            {hits.map((hit) => (
              <li key={`${hit.kind} ${hit.name}`} className="text-sm">
                <Link to={linkOf(hit)} className="break-words text-accent hover:underline">
                  {hit.title || hit.name}
                </Link>{" "}
                <span className="text-xs text-ink-3">{t(`shell.kind.${hit.kind}`)}</span>
              </li>
            ))}
          </ul>
        </Panel>
      ) : null}
    </div>
  );
}
