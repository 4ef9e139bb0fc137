import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowBigUp, Megaphone } from "lucide-react";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { classes } from "@/lib/classes";
import { formatCount } from "@/lib/format";
import { Status, type Tone } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";
import { Empty, Loaded } from "@/ui/state";
import { Time } from "@/ui/time";
import { useVote, type Wish, wishesQuery } from "./queries";
import { SEARCH, STATES } from "./search";

const TONE: Record<Wish["state"], Tone> = {
  declined: "bad",
  merged: "plain",
  open: "info",
  planned: "warn",
  shipped: "ok",
};

/** Wishes, the most wanted first, narrowed by how they stand and by who shall answer. */
export function Wishes() {
  const [{ state, domain }, change] = useAddress(SEARCH);
  const wishes = useQuery(wishesQuery(state === undefined ? {} : { state }));
  return (
    <Loaded query={wishes}>
      {(all) => {
        const shown = all.filter((one) => !domain || one.domain === domain);
        const domains = [...new Set([...all.map((one) => one.domain), domain ?? ""])].filter(Boolean).sort();
        return (
          <>
            <div className="mb-3 flex flex-wrap items-center gap-2">
              <Select
                aria-label={t("demand.state")}
                value={state ?? ""}
                className="w-auto!"
                onChange={(event) =>
                  change({ state: STATES.find((one) => one === event.target.value), domain: undefined })
                }
              >
                <option value="">{t("demand.anyState")}</option>
                {STATES.map((one) => (
                  <option key={one} value={one}>
                    {t(`demand.state.${one}`)}
                  </option>
                ))}
              </Select>
              {domains.length ? (
                <Select
                  aria-label={t("demand.domain")}
                  value={domain ?? ""}
                  className="w-auto! max-w-56"
                  onChange={(event) => change({ domain: event.target.value || undefined })}
                >
                  <option value="">{t("demand.anyDomain")}</option>
                  {domains.map((one) => (
                    <option key={one}>{one}</option>
                  ))}
                </Select>
              ) : null}
              <span role="status" className="text-xs text-ink-3">
                {t("demand.found", { count: shown.length })}
              </span>
            </div>
            {shown.length ? (
              <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-panel">
                {shown.map((one) => (
                  <Row key={one.id} wish={one} />
                ))}
              </ul>
            ) : (
              <Empty
                icon={Megaphone}
                title={t("demand.none")}
                action={
                  <Button asChild>
                    <Link to="/demand/new">{t("demand.ask")}</Link>
                  </Button>
                }
              >
                {t("demand.noneDetail")}
              </Empty>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function Row({ wish }: { wish: Wish }) {
  return (
    <li className="flex gap-3 px-3 py-2.5 hover:bg-sunken">
      <VoteButton wish={wish} />
      <div className="min-w-0 flex-1 text-sm">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Link
            to="."
            search={((before: object) => ({ ...before, wish: wish.id })) as never}
            resetScroll={false}
            className="font-medium wrap-anywhere text-accent hover:underline"
          >
            {wish.title}
          </Link>
          <WishStatus wish={wish} />
        </p>
        <p className="line-clamp-2 break-words text-ink-2">{wish.answer || wish.reason}</p>
        <p className="flex flex-wrap gap-x-2 text-xs text-ink-3">
          <span>{wish.domain ? t("demand.for", { domain: wish.domain }) : t("demand.forNobody")}</span>
          <Time at={wish.wished_at} />
          {wish.is_own ? <span>{t("demand.own")}</span> : null}
        </p>
      </div>
    </li>
  );
}

export function WishStatus({ wish }: { wish: Wish }) {
  return <Status tone={TONE[wish.state]}>{t(`demand.state.${wish.state}`)}</Status>;
}

/** Somebody's one vote: given and taken back while others still wait for it. */
export function VoteButton({ wish }: { wish: Wish }) {
  const vote = useVote(wish);
  const isOpen = wish.state === "open" || wish.state === "planned";
  return (
    <Button
      aria-pressed={wish.is_voted}
      aria-label={t("demand.vote", { title: wish.title, count: wish.votes })}
      disabled={!isOpen || vote.isPending}
      onClick={() => vote.mutate()}
      className={classes(
        "h-11! w-12! flex-col gap-0! self-start px-0!",
        wish.is_voted && "border-accent! bg-accent-soft!",
      )}
    >
      <ArrowBigUp className={classes(wish.is_voted && "fill-accent text-accent")} aria-hidden />
      <span className="tnum text-xs leading-none">{formatCount(wish.votes)}</span>
    </Button>
  );
}
