import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Star } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { answer, api, type Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { classes } from "@/lib/classes";
import { formatCount, formatNumber } from "@/lib/format";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Field, Textarea } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Empty, Failed, Loaded } from "@/ui/state";
import { Time } from "@/ui/time";
import { say } from "@/ui/toast";

type Given = Shape<"GivenRatingShape">;
type Place = { domain: string; product: string };
const STARS = [5, 4, 3, 2, 1] as const;

/** What those who use a product think of it, and the owner's replies. */
export function Ratings({ domain, product }: Place) {
  const place = { domain, product };
  const ratings = useQuery({
    queryKey: ["ratings", domain, product],
    queryFn: () =>
      answer(api.GET("/api/v1/products/{domain}/{product}/ratings", { params: { path: place } })),
  });
  return (
    <Loaded query={ratings}>
      {(all) => (
        <div className="grid gap-4 lg:grid-cols-[320px_1fr]">
          <div className="space-y-4">
            <Panel title={t("usage.ratings")}>
              {all.stars === null ? (
                <p className="text-sm text-ink-2">{t("usage.noRatings")}</p>
              ) : (
                <>
                  <p className="flex items-center gap-2">
                    <span className="tnum text-2xl font-semibold">{formatNumber(all.stars)}</span>
                    <Stars stars={all.stars} />
                    <span className="text-sm text-ink-3">{t("usage.given", { count: all.count })}</span>
                  </p>
                  <Distribution given={all.given} />
                </>
              )}
            </Panel>
            {all.may_rate ? (
              <RatingForm key={own(all.ratings)?.id} place={place} own={own(all.ratings)} />
            ) : (
              <p className="px-1 text-xs text-ink-3">{t("usage.whoRates")}</p>
            )}
          </div>
          {all.ratings.length ? (
            <ul className="divide-y divide-line self-start rounded-lg border border-line bg-panel">
              {all.ratings.map((rating) => (
                <Rating key={rating.id} rating={rating} place={place} mayReply={all.may_reply} />
              ))}
            </ul>
          ) : (
            <Empty icon={Star} title={t("usage.noRatings")}>
              {t("usage.noRatingsDetail")}
            </Empty>
          )}
        </div>
      )}
    </Loaded>
  );
}

const own = (ratings: readonly Given[]) => ratings.find((one) => one.is_own);

/** Stars as a picture, and as words for those who do not see it. */
export function Stars({ stars }: { stars: number }) {
  return (
    <span role="img" aria-label={t("usage.stars", { count: Math.round(stars * 10) / 10 })} className="flex">
      {[1, 2, 3, 4, 5].map((one) => (
        <Star
          key={one}
          className={classes("size-4", one <= Math.round(stars) ? "fill-warn text-warn" : "text-line-strong")}
          aria-hidden
        />
      ))}
    </span>
  );
}

function Distribution({ given }: { given: readonly number[] }) {
  const most = Math.max(1, ...given);
  return (
    <ul className="mt-3 space-y-1" aria-label={t("usage.distribution")}>
      {STARS.map((stars) => {
        const count = given[stars - 1] ?? 0;
        return (
          <li key={stars} className="grid grid-cols-[72px_1fr_32px] items-center gap-2 text-xs text-ink-2">
            <span>{t("usage.stars", { count: stars })}</span>
            <span className="h-2 overflow-hidden rounded bg-sunken" aria-hidden>
              <span
                className="block h-full rounded bg-chart-2"
                style={{ width: `${(100 * count) / most}%` }}
              />
            </span>
            <span className="tnum text-right">{formatCount(count)}</span>
          </li>
        );
      })}
    </ul>
  );
}

function useChange(place: Place, said: string) {
  const queryClient = useQueryClient();
  return {
    onSuccess: async () => {
      // The catalog shows stars too.
      await Promise.all(
        [["ratings", place.domain, place.product], ["catalog"]].map((queryKey) =>
          queryClient.invalidateQueries({ queryKey }),
        ),
      );
      void say(said);
    },
  };
}

/** One's own rating: given, changed, taken back. */
function RatingForm({ place, own }: { place: Place; own: Given | undefined }) {
  const name = useId();
  const [stars, setStars] = useState(own?.stars ?? 0);
  const rate = useMutation({
    mutationFn: (comment: string) =>
      answer(
        api.POST("/api/v1/products/{domain}/{product}/ratings", {
          params: { path: place },
          body: { stars, comment },
        }),
      ),
    ...useChange(place, t("usage.rated")),
  });
  const withdraw = useMutation({
    mutationFn: () =>
      answer(api.DELETE("/api/v1/products/{domain}/{product}/ratings", { params: { path: place } })),
    ...useChange(place, t("usage.withdrawn")),
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    rate.mutate(String(new FormData(event.currentTarget).get("comment")));
  };
  const failed = rate.error ?? withdraw.error;
  const isPending = rate.isPending || withdraw.isPending;
  return (
    <Panel title={own ? t("usage.yours") : t("usage.rate")}>
      <form onSubmit={onSubmit} className="space-y-3">
        <fieldset>
          <legend className="mb-1 text-xs font-medium text-ink-2">{t("usage.howGood")}</legend>
          <div className="flex gap-0.5">
            {[1, 2, 3, 4, 5].map((one) => (
              <label
                key={one}
                className="flex size-8 cursor-pointer items-center justify-center rounded-md hover:bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-focus"
              >
                <input
                  type="radio"
                  name={name}
                  value={one}
                  required
                  checked={stars === one}
                  onChange={() => setStars(one)}
                  className="sr-only"
                />
                <Star
                  className={classes("size-5", one <= stars ? "fill-warn text-warn" : "text-line-strong")}
                  aria-hidden
                />
                <span className="sr-only">{t("usage.stars", { count: one })}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <Field label={t("usage.comment")} hint={t("usage.commentHint")}>
          <Textarea name="comment" maxLength={1000} defaultValue={own?.comment} />
        </Field>
        {failed ? <Failed error={failed} /> : null}
        <div className="flex gap-2">
          <Button kind="primary" type="submit" disabled={isPending}>
            {own ? t("usage.change") : t("usage.send")}
          </Button>
          {own ? (
            <Button kind="quiet" onClick={() => withdraw.mutate()} disabled={isPending}>
              {t("usage.takeBack")}
            </Button>
          ) : null}
        </div>
      </form>
    </Panel>
  );
}

function Rating({ rating, place, mayReply }: { rating: Given; place: Place; mayReply: boolean }) {
  const [isReplying, setReplying] = useState(false);
  const changed = useChange(place, t("usage.replied"));
  const reply = useMutation({
    mutationFn: (text: string) =>
      answer(
        api.PUT("/api/v1/products/{domain}/{product}/ratings/{rating}/reply", {
          params: { path: { ...place, rating: rating.id } },
          body: { text },
        }),
      ),
    onSuccess: async () => {
      setReplying(false);
      await changed.onSuccess();
    },
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    reply.mutate(String(new FormData(event.currentTarget).get("text")));
  };
  return (
    <li className="space-y-2 px-4 py-3 text-sm">
      <p className="flex flex-wrap items-center gap-2">
        <Stars stars={rating.stars} />
        <span className="text-xs text-ink-3">
          <Time at={rating.rated_at} />
        </span>
        {rating.is_own ? <Badge tone="info">{t("usage.own")}</Badge> : null}
      </p>
      {rating.comment ? (
        <p className="max-w-[70ch] break-words whitespace-pre-line">{rating.comment}</p>
      ) : null}
      {rating.reply ? (
        <blockquote className="max-w-[70ch] rounded-md bg-sunken px-3 py-2">
          <p className="text-xs text-ink-3">
            {t("usage.ownerReply")} · {rating.replied_at ? <Time at={rating.replied_at} /> : null}
          </p>
          <p className="break-words whitespace-pre-line">{rating.reply}</p>
        </blockquote>
      ) : null}
      {mayReply && !isReplying ? (
        <Button size="small" onClick={() => setReplying(true)}>
          {rating.reply ? t("usage.changeReply") : t("usage.reply")}
        </Button>
      ) : null}
      {isReplying ? (
        <form onSubmit={onSubmit} className="max-w-[70ch] space-y-2">
          <Field label={t("usage.reply")} hint={t("usage.replyHint")}>
            <Textarea name="text" maxLength={1000} defaultValue={rating.reply} autoFocus />
          </Field>
          {reply.isError ? <Failed error={reply.error} /> : null}
          <div className="flex gap-2">
            <Button size="small" kind="primary" type="submit" disabled={reply.isPending}>
              {t("usage.send")}
            </Button>
            <Button size="small" kind="quiet" onClick={() => setReplying(false)}>
              {t("usage.cancel")}
            </Button>
          </div>
        </form>
      ) : null}
    </li>
  );
}
