import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api } from "@/api/client";
import { datasetsQuery, productsQuery } from "@/api/queries";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { split } from "@/lib/address";
import { Button } from "@/ui/button";
import { Field, Select, Textarea } from "@/ui/field";
import { Failed } from "@/ui/state";
import { useWishChange, type Wish, wishesQuery } from "./queries";

const ANSWERS = ["open", "planned", "shipped", "declined"] as const;

/** How those who answer for data answer a wish: say what becomes of it, give it to a domain, let it live on in another. */
export function AnswerForms({ wish }: { wish: Wish }) {
  return (
    <div className="space-y-3 rounded-md border border-line p-3">
      <Answer wish={wish} />
      <Assign wish={wish} />
      <Merge wish={wish} />
    </div>
  );
}

function Answer({ wish }: { wish: Wish }) {
  const [state, setState] = useState<(typeof ANSWERS)[number]>(wish.state === "merged" ? "open" : wish.state);
  const change = useWishChange(
    (said: { text: string; roadmap_item: string | null; dataset: string | null }) =>
      answer(
        api.POST("/api/v1/wishes/{wish_id}/answer", {
          params: { path: { wish_id: wish.id } },
          body: { state, ...said },
        }),
      ),
    t("demand.answered"),
  );
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    change.mutate({
      text: String(form.get("text")),
      roadmap_item: state === "planned" ? String(form.get("item")) : null,
      dataset: state === "shipped" ? String(form.get("dataset")) : null,
    });
  };
  return (
    <form onSubmit={onSubmit} className="space-y-2">
      <Field label={t("demand.becomes")}>
        <Select value={state} onChange={(event) => setState(event.target.value as typeof state)}>
          {ANSWERS.map((one) => (
            <option key={one} value={one}>
              {t(`demand.state.${one}`)}
            </option>
          ))}
        </Select>
      </Field>
      {state === "planned" ? <RoadmapItems chosen={wish.roadmap_item} /> : null}
      {state === "shipped" ? <Datasets chosen={wish.dataset} /> : null}
      <Field label={t("demand.say")} hint={t("demand.sayHint")}>
        <Textarea
          name="text"
          maxLength={2000}
          defaultValue={wish.answer}
          required={state === "declined" || state === "open"}
        />
      </Field>
      {wish.domain ? null : <p className="text-xs text-ink-3">{t("demand.assignFirst")}</p>}
      {change.isError ? <Failed error={change.error} /> : null}
      <Button kind="primary" size="small" type="submit" disabled={change.isPending}>
        {t("demand.sendAnswer")}
      </Button>
    </form>
  );
}

/** The items of the roadmaps of one's own domains, or of all for whoever answers for all. */
function RoadmapItems({ chosen }: { chosen: string | null }) {
  const { domains } = useSession();
  const products = useQuery(productsQuery);
  const mine = (products.data ?? []).filter(
    (one) => domains.length === 0 || domains.includes(split(one.name).domain),
  );
  const [product, setProduct] = useState(chosen?.split("#")[0] ?? "");
  const asked = product || mine[0]?.name || "";
  const { domain, rest } = split(asked);
  const roadmap = useQuery({
    queryKey: ["roadmap", domain, rest],
    enabled: asked !== "",
    queryFn: () =>
      answer(
        api.GET("/api/v1/products/{domain}/{product}/roadmap", {
          params: { path: { domain, product: rest } },
        }),
      ),
  });
  const items = roadmap.data?.items ?? [];
  return (
    <>
      <Field label={t("demand.product")}>
        <Select value={asked} onChange={(event) => setProduct(event.target.value)}>
          {mine.map((one) => (
            <option key={one.name} value={one.name}>
              {one.title || one.name}
            </option>
          ))}
        </Select>
      </Field>
      <Field
        label={t("demand.item")}
        hint={roadmap.data && !items.length ? t("demand.noItems") : t("demand.itemHint")}
      >
        <Select name="item" required defaultValue={chosen ?? undefined} key={`${asked} ${items.length}`}>
          {items.map((one) => (
            <option key={one.id} value={`${asked}#${one.id}`}>
              {one.title}
            </option>
          ))}
        </Select>
      </Field>
    </>
  );
}

function Datasets({ chosen }: { chosen: string | null }) {
  const datasets = useQuery(datasetsQuery);
  return (
    <Field label={t("demand.dataset")}>
      <Select name="dataset" required defaultValue={chosen ?? undefined} key={datasets.data?.length}>
        {(datasets.data ?? []).map((one) => (
          <option key={one.name}>{one.name}</option>
        ))}
      </Select>
    </Field>
  );
}

function Assign({ wish }: { wish: Wish }) {
  const products = useQuery(productsQuery);
  const domains = [...new Set((products.data ?? []).map((one) => split(one.name).domain))].sort();
  const change = useWishChange(
    (domain: string) =>
      answer(
        api.POST("/api/v1/wishes/{wish_id}/assignment", {
          params: { path: { wish_id: wish.id } },
          body: { domain },
        }),
      ),
    t("demand.assigned"),
  );
  return (
    <details className="border-t border-line pt-2">
      <summary className="text-sm text-accent">{t("demand.assign")}</summary>
      <form
        className="mt-2 flex items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate(String(new FormData(event.currentTarget).get("domain")));
        }}
      >
        <div className="flex-1">
          <Field label={t("demand.domain")}>
            <Select name="domain" defaultValue={wish.domain} key={domains.length}>
              {domains.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </Select>
          </Field>
        </div>
        <Button type="submit" disabled={change.isPending}>
          {t("demand.give")}
        </Button>
      </form>
      {change.isError ? <Failed error={change.error} /> : null}
    </details>
  );
}

function Merge({ wish }: { wish: Wish }) {
  const wishes = useQuery(wishesQuery());
  const others = (wishes.data ?? []).filter((one) => one.id !== wish.id && one.may_answer);
  const change = useWishChange(
    (into: string) =>
      answer(
        api.POST("/api/v1/wishes/{wish_id}/merging", {
          params: { path: { wish_id: wish.id } },
          body: { into },
        }),
      ),
    t("demand.mergedNow"),
  );
  if (!others.length) return null;
  return (
    <details className="border-t border-line pt-2">
      <summary className="text-sm text-accent">{t("demand.merge")}</summary>
      <form
        className="mt-2 flex items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate(String(new FormData(event.currentTarget).get("into")));
        }}
      >
        <div className="min-w-0 flex-1">
          <Field label={t("demand.into")} hint={t("demand.mergeHint")}>
            <Select name="into">
              {others.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.title}
                </option>
              ))}
            </Select>
          </Field>
        </div>
        <Button type="submit" disabled={change.isPending}>
          {t("demand.mergeNow")}
        </Button>
      </form>
      {change.isError ? <Failed error={change.error} /> : null}
    </details>
  );
}
