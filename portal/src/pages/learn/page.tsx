import { useQuery } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { GraduationCap } from "lucide-react";
import { answer, api } from "@/api/client";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { Button } from "@/ui/button";
import { PageHead } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { ContractLesson } from "./contract-lesson";
import { exampleQuery } from "./queries";
import { LESSONS, SEARCH } from "./search";
import { SqlLesson } from "./sql-lesson";
import { type Example, STEPS, stepLink, TOURS } from "./tours";

const SHOWN_TERMS = 6;

/** Short ways in: tours through the real pages for each kind of reader, two lessons, and the words of the place. */
export function Page() {
  const [{ lesson }] = useAddress(SEARCH);
  const example = useQuery(exampleQuery);
  const title = lesson ? t(`learn.lesson.${lesson}`) : t("learn.title");
  const above = lesson ? (
    <Link to="/learn" className="hover:underline">
      {t("learn.allLessons")}
    </Link>
  ) : undefined;
  return (
    <>
      <PageHead title={title} above={above}>
        {lesson ? t(`learn.lesson.${lesson}.what`) : t("learn.lead")}
      </PageHead>
      <Loaded query={example}>
        {(found) =>
          found === null ? (
            <Empty icon={GraduationCap} title={t("learn.nothing")}>
              {t("learn.nothingDetail")}
            </Empty>
          ) : lesson === "contract" ? (
            <ContractLesson dataset={found.dataset} />
          ) : lesson === "sql" ? (
            <SqlLesson dataset={found.dataset} />
          ) : (
            <Overview example={found} />
          )
        }
      </Loaded>
    </>
  );
}

function Overview({ example }: { example: Example }) {
  const router = useRouter();
  return (
    <div className="space-y-6">
      <section aria-label={t("learn.tours")} className="space-y-2">
        <h2 className="text-lg font-semibold">{t("learn.tours")}</h2>
        <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
          {TOURS.map((tour) => (
            <li key={tour} className="flex flex-col gap-2 rounded-lg border border-line bg-panel p-4">
              <h3 className="font-semibold">{t(`learn.tour.${tour}`)}</h3>
              <p className="flex-1 text-sm text-ink-2">{t(`learn.tour.${tour}.what`)}</p>
              <p className="flex flex-wrap items-center justify-between gap-2">
                <Button
                  size="small"
                  aria-label={`${t("learn.start")}: ${t(`learn.tour.${tour}`)}`}
                  onClick={() => void router.navigate({ href: stepLink(tour, 1, example) })}
                >
                  {t("learn.start")}
                </Button>
                <span className="text-xs text-ink-3">{t("learn.steps", { count: STEPS[tour].length })}</span>
              </p>
            </li>
          ))}
        </ul>
      </section>
      <section aria-label={t("learn.lessons")} className="space-y-2">
        <h2 className="text-lg font-semibold">{t("learn.lessons")}</h2>
        <ul className="grid gap-3 sm:grid-cols-2">
          {LESSONS.map((lesson) => (
            <li key={lesson} className="rounded-lg border border-line bg-panel p-4">
              <h3 className="font-semibold">
                <Link to="/learn" search={{ lesson }} className="text-accent hover:underline">
                  {t(`learn.lesson.${lesson}`)}
                </Link>
              </h3>
              <p className="text-sm text-ink-2">{t(`learn.lesson.${lesson}.what`)}</p>
            </li>
          ))}
        </ul>
      </section>
      <Words />
    </div>
  );
}

/** Some terms, each with values from the data that it speaks of. */
function Words() {
  const words = useQuery({
    queryKey: ["learn", "words"],
    staleTime: 10 * 60_000,
    queryFn: async () => {
      const { terms } = await answer(api.GET("/api/v1/glossary"));
      const linked = terms.filter((one) => one.links.some((link) => link.column)).slice(0, SHOWN_TERMS);
      return Promise.all(
        linked.map((one) =>
          answer(api.GET("/api/v1/glossary/{term}", { params: { path: { term: one.name } } })),
        ),
      );
    },
  });
  return (
    <Loaded query={words}>
      {(terms) =>
        terms.length ? (
          <Panel
            title={t("learn.words")}
            actions={
              <Link to="/glossary" className="text-sm text-accent hover:underline">
                {t("learn.allWords")}
              </Link>
            }
          >
            <p className="mb-3 text-sm text-ink-2">{t("learn.wordsLead")}</p>
            <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
              {terms.map((one) => (
                <div key={one.name} className="min-w-0 text-sm">
                  <dt className="font-medium">
                    <Link to="/glossary" search={{ term: one.name }} className="text-accent hover:underline">
                      {one.name}
                    </Link>
                  </dt>
                  <dd className="break-words text-ink-2">{one.meaning}</dd>
                  {one.example ? (
                    <dd className="font-mono text-xs break-all text-ink-3">
                      {one.example.values.join(" · ")}
                    </dd>
                  ) : null}
                </div>
              ))}
            </dl>
          </Panel>
        ) : null
      }
    </Loaded>
  );
}
