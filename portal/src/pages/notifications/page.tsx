import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Bell } from "lucide-react";
import { answer, api, type Shape } from "@/api/client";
import { hasText, t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import {
  demandLink,
  incidentLink,
  productLink,
  releaseLink,
  requestLink,
  runLink,
  ticketLink,
} from "@/lib/links";
import { shortName } from "@/lib/principal";
import { PageHead } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { Tabs } from "@/ui/tabs";
import { Time } from "@/ui/time";
import { SEARCH, SHOWN } from "./search";

type Event = Shape<"EventFacts">;
const MOST = 100;

/** What happened in the last week that concerns whoever looks. */
export function Page() {
  const [{ show = "told" }, change] = useAddress(SEARCH);
  return (
    <>
      <PageHead title={t("notifications.title")}>{t("notifications.lead")}</PageHead>
      <Tabs
        label={t("notifications.title")}
        chosen={show}
        onChoose={(chosen) => change({ show: SHOWN.find((one) => one === chosen) })}
        tabs={SHOWN.map((name) => ({
          name,
          label: t(`notifications.show.${name}`),
          content: () => <List show={name} />,
        }))}
      />
    </>
  );
}

function List({ show }: { show: (typeof SHOWN)[number] }) {
  const told = show === "told";
  const events = useQuery({
    queryKey: ["events", told],
    queryFn: async () =>
      (await answer(api.GET("/api/v1/events/recent", { params: { query: { limit: MOST, told } } }))).events,
  });
  const isWanted = (one: Event) =>
    told || (show === "access" ? one.kind.startsWith("agreement:") : /^(run|release):/.test(one.kind));
  return (
    <Loaded query={events}>
      {(all) => {
        const found = all.filter(isWanted);
        return found.length ? (
          <Panel isFlush>
            <ul aria-label={t(`notifications.show.${show}`)} className="divide-y divide-line">
              {found.map((one, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: nothing tells two events of one moment apart
                <Line key={`${one.at} ${one.kind} ${place}`} event={one} />
              ))}
            </ul>
          </Panel>
        ) : (
          <Empty icon={Bell} title={t("notifications.none")}>
            {t("notifications.noneDetail")}
          </Empty>
        );
      }}
    </Loaded>
  );
}

function Line({ event }: { event: Event }) {
  const to = linkOf(event);
  const words = wordsOf(event);
  return (
    <li className="relative flex items-start gap-3 px-4 py-2 text-sm hover:bg-sunken">
      <p className="min-w-0 flex-1 wrap-anywhere">
        {to ? (
          <Link to={to} className="font-medium text-accent after:absolute after:inset-0 hover:underline">
            {words}
          </Link>
        ) : (
          <span className="font-medium">{words}</span>
        )}
        <span className="block text-xs text-ink-2">
          {[event.dataset ?? event.product, event.by ? shortName(event.by) : null]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </p>
      <span className="shrink-0 text-xs text-ink-2">
        <Time at={event.at} />
      </span>
    </li>
  );
}

function wordsOf(event: Event): string {
  const key = `notifications.what.${event.told ?? event.kind}`;
  return hasText(key) ? t(key) : (event.told ?? event.kind);
}

function linkOf(event: Event): string | undefined {
  if (event.agreement) return requestLink(event.agreement);
  if (event.about && event.told?.startsWith("ticket:")) return ticketLink(event.about);
  if (event.about && event.told?.startsWith("incident:")) return incidentLink(event.about);
  if (event.about && event.told?.startsWith("wish:")) return demandLink(event.about);
  if (event.run) return runLink(event.run);
  if (event.product && event.release !== null) return releaseLink(event.product, event.release);
  return event.product ? productLink(event.product) : undefined;
}
