import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { t } from "@/i18n/texts";
import { datasetLink, productLink } from "@/lib/links";
import { Sheet } from "@/ui/dialog";
import { Facts } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { Time } from "@/ui/time";
import { AnswerForms } from "./answer-forms";
import { type Wish, wishQuery } from "./queries";
import { VoteButton, WishStatus } from "./wishes";

/** One wish: what for, what was answered, what happened to it; and for those who answer, how. */
export function WishSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const wish = useQuery(wishQuery(id));
  return (
    <Sheet isOpen onOpen={onClose} title={wish.data?.title ?? t("demand.wish")}>
      <Loaded query={wish} missing={<Empty title={t("demand.gone")}>{t("demand.goneDetail")}</Empty>}>
        {(one) => (
          <div className="space-y-4 text-sm">
            <div className="flex gap-3">
              <VoteButton wish={one} />
              <p className="min-w-0 flex-1 break-words whitespace-pre-line">{one.reason}</p>
            </div>
            {one.answer ? (
              <blockquote className="rounded-md bg-sunken px-3 py-2">
                <p className="text-xs text-ink-3">{t("demand.answer")}</p>
                <p className="break-words whitespace-pre-line">{one.answer}</p>
              </blockquote>
            ) : null}
            <Facts facts={facts(one)} />
            {one.may_answer && one.state !== "merged" ? (
              <AnswerForms key={one.changed_at} wish={one} />
            ) : null}
            <section className="space-y-1.5">
              <h3 className="text-xs font-medium text-ink-2">{t("demand.history")}</h3>
              <ol className="space-y-1.5 border-l-2 border-line pl-3">
                {one.history.map((entry, place) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: what happened stays in its order
                  <li key={place}>
                    <p>
                      {t(`demand.event.${entry.event}`)}{" "}
                      <span className="text-xs text-ink-3">
                        {entry.by ? `${entry.by.replace(/^user:/, "")} · ` : ""}
                        <Time at={entry.at} />
                      </span>
                    </p>
                    {entry.text && entry.event !== "merged" ? (
                      <p className="text-xs break-words text-ink-2">{entry.text}</p>
                    ) : null}
                  </li>
                ))}
              </ol>
            </section>
          </div>
        )}
      </Loaded>
    </Sheet>
  );
}

function facts(wish: Wish) {
  const known: [string, ReactNode][] = [
    [t("demand.state"), <WishStatus key="state" wish={wish} />],
    [t("demand.domain"), wish.domain || t("demand.forNobody")],
  ];
  if (wish.wished_by) known.push([t("demand.wishedBy"), wish.wished_by.replace(/^user:/, "")]);
  if (wish.roadmap_item) {
    const [product = "", item = ""] = wish.roadmap_item.split("#");
    known.push([
      t("demand.plannedAs"),
      <Link key="item" to={productLink(product)} className="break-words text-accent hover:underline">
        {t("demand.itemOf", { item, product })}
      </Link>,
    ]);
  }
  if (wish.dataset) {
    known.push([
      t("demand.shippedAs"),
      <Link key="dataset" to={datasetLink(wish.dataset)} className="break-all text-accent hover:underline">
        {wish.dataset}
      </Link>,
    ]);
  }
  if (wish.merged_into) {
    known.push([
      t("demand.livesOn"),
      <Link
        key="merged"
        to="."
        search={((before: object) => ({ ...before, wish: wish.merged_into })) as never}
        className="text-accent hover:underline"
      >
        {t("demand.inThatOne")}
      </Link>,
    ]);
  }
  return known;
}
