import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Milestone, ThumbsUp, TriangleAlert } from "lucide-react";
import { answer, api, type Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { formatCount, formatDay } from "@/lib/format";
import { Badge, Status, type Tone } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Empty, Failed, Loaded } from "@/ui/state";
import { type Named, roadmapQuery } from "./queries";

type Item = Shape<"RoadmapItemShape">;
const TONES: Record<Item["state"], Tone> = {
  building: "info",
  declined: "plain",
  planned: "plain",
  shipped: "ok",
};

/** What the owner of a product means to do, with a vote for each thing that is still to come. */
export function Roadmap({ named }: { named: Named }) {
  const roadmap = useQuery(roadmapQuery(named));
  const queryClient = useQueryClient();
  const vote = useMutation({
    mutationFn: ({ id, is_voted }: Item) => {
      const params = { path: { ...named, item: id } };
      const path = "/api/v1/products/{domain}/{product}/roadmap/{item}/votes";
      return answer(is_voted ? api.DELETE(path, { params }) : api.PUT(path, { params }));
    },
    onSuccess: (found) => queryClient.setQueryData(roadmapQuery(named).queryKey, found),
  });
  return (
    <Loaded query={roadmap}>
      {({ items }) =>
        items.length ? (
          <div className="space-y-3">
            {vote.isError ? <Failed error={vote.error} /> : null}
            <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-panel">
              {items.map((item) => (
                <ItemRow
                  key={item.id}
                  item={item}
                  isPending={vote.isPending}
                  onVote={() => vote.mutate(item)}
                />
              ))}
            </ul>
          </div>
        ) : (
          <Empty icon={Milestone} title={t("product.noRoadmap")}>
            {t("product.noRoadmapDetail")}
          </Empty>
        )
      }
    </Loaded>
  );
}

function ItemRow({ item, isPending, onVote }: { item: Item; isPending: boolean; onVote: () => void }) {
  const isOpen = item.state === "planned" || item.state === "building";
  return (
    <li className="flex flex-wrap items-start gap-3 px-4 py-3 text-sm">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {item.title}
          <Status tone={TONES[item.state]}>{t(`product.item.${item.state}`)}</Status>
          {item.by ? <Badge>{t("product.by", { time: item.by })}</Badge> : null}
        </p>
        <p className="text-ink-2">{item.description}</p>
      </div>
      {isOpen ? (
        <Button
          size="small"
          aria-pressed={item.is_voted}
          disabled={isPending}
          onClick={onVote}
          aria-label={t("product.voteFor", { title: item.title })}
        >
          <ThumbsUp aria-hidden className={item.is_voted ? "fill-current text-accent" : undefined} />
          {item.is_voted ? t("product.voted") : t("product.vote")}
          <span className="tnum">{formatCount(item.votes)}</span>
        </Button>
      ) : (
        <span className="text-xs text-ink-3">{t("product.votes", { count: item.votes })}</span>
      )}
    </li>
  );
}

/** What users have to prepare for: what a coming version changes or ends, and what to do. */
export function Changes({ named }: { named: Named }) {
  const { data } = useQuery(roadmapQuery(named));
  if (!data?.changes.length) return null;
  return (
    <section
      aria-label={t("product.changes")}
      className="mb-4 rounded-lg border border-warn bg-warn-soft p-4 text-sm"
    >
      <h2 className="flex items-center gap-2 font-semibold text-warn">
        <TriangleAlert className="size-4 shrink-0" aria-hidden />
        {t("product.changes")}
      </h2>
      <ul className="mt-1 space-y-2">
        {data.changes.map((change) => (
          <li key={`${change.on} ${change.title}`}>
            <p className="font-medium">
              {t("product.changeOn", { day: formatDay(`${change.on}T00:00`), title: change.title })}
            </p>
            <p>
              {t(`product.change.${change.kind}`)}
              {change.dataset ? ` ${t("product.changeAbout", { dataset: change.dataset })}` : ""}
            </p>
            <p className="text-ink-2">{change.description}</p>
            <p>{change.action}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
