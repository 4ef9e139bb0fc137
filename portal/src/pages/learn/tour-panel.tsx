import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { ArrowLeft, ArrowRight, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { t } from "@/i18n/texts";
import { Button } from "@/ui/button";
import { Failed } from "@/ui/state";
import { exampleQuery } from "./queries";
import { STEPS, stepLink, TOURS } from "./tours";

/** The step of a tour, above the page that it is about. Where one is stands in the address, on every page. */
export default function TourPanel() {
  const said: { tour?: string; step?: number } = useSearch({ strict: false });
  const tour = TOURS.find((one) => one === said.tour);
  const asked = useQuery(exampleQuery);
  const example = asked.data;
  const router = useRouter();
  const navigate = useNavigate();
  const heading = useRef<HTMLHeadingElement>(null);
  const steps = tour ? STEPS[tour] : [];
  const step = Math.min(Math.max(Math.round(said.step ?? 1), 1), Math.max(steps.length, 1));
  // Whoever goes on by keyboard goes on from here, not from the beginning of the page.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each step is announced anew
  useEffect(() => heading.current?.focus({ preventScroll: true }), [tour, step]);
  const name = steps[step - 1];
  if (!tour || !name) return null;
  const go = (to: number) => {
    if (example) void router.navigate({ href: stepLink(tour, to, example) });
  };
  const end = (to: "." | "/learn") =>
    void navigate({
      to,
      search: ((before: object) => ({
        ...(to === "." ? before : {}),
        tour: undefined,
        step: undefined,
      })) as never,
    });
  const isLast = step === steps.length;
  return (
    <section
      aria-label={t("learn.tour", { name: t(`learn.tour.${tour}`) })}
      className="mb-4 rounded-lg border border-accent bg-accent-soft p-4"
    >
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <p className="text-xs text-ink-2">
            {t("learn.tour", { name: t(`learn.tour.${tour}`) })} ·{" "}
            {t("learn.stepOf", { step, steps: steps.length })}
          </p>
          <h2 ref={heading} tabIndex={-1} className="text-lg font-semibold outline-none">
            {t(`learn.step.${name}`)}
          </h2>
          <p className="max-w-[75ch]">{t(`learn.step.${name}.say`)}</p>
        </div>
        <Button kind="quiet" size="iconSmall" aria-label={t("learn.end")} onClick={() => end(".")}>
          <X aria-hidden />
        </Button>
      </div>
      {asked.isError ? <Failed error={asked.error} onRetry={() => void asked.refetch()} /> : null}
      <div className="mt-3 flex gap-2">
        <Button size="small" disabled={step === 1 || !example} onClick={() => go(step - 1)}>
          <ArrowLeft aria-hidden />
          {t("learn.back")}
        </Button>
        {isLast ? (
          <Button size="small" kind="primary" onClick={() => end("/learn")}>
            {t("learn.done")}
          </Button>
        ) : (
          <Button size="small" kind="primary" disabled={!example} onClick={() => go(step + 1)}>
            {t("learn.next")}
            <ArrowRight aria-hidden />
          </Button>
        )}
      </div>
    </section>
  );
}
