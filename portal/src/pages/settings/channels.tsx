import { useMutation, useQuery } from "@tanstack/react-query";
import { answer, api, once, type Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { Status } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { Empty, Failed, Loaded } from "@/ui/state";
import { Deliveries } from "./deliveries";
import { channelsQuery } from "./queries";

/** Through which channels people are told, and what became of what they were told. */
export function Channels() {
  const channels = useQuery(channelsQuery);
  return (
    <div className="space-y-4">
      <Panel title={t("settings.channels")} isFlush>
        <Loaded query={channels}>
          {(found) =>
            found.length ? (
              <ul className="divide-y divide-line">
                {found.map((one) => (
                  <Channel key={one.name} channel={one} />
                ))}
              </ul>
            ) : (
              <Empty title={t("settings.noChannels")}>{t("settings.noChannelsDetail")}</Empty>
            )
          }
        </Loaded>
      </Panel>
      <Deliveries />
    </div>
  );
}

function Channel({ channel }: { channel: Shape<"ChannelFacts"> }) {
  const test = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/channels/{name}/test", {
          params: { path: { name: channel.name } },
          headers: once(),
        }),
      ),
  });
  const all = (names: readonly string[], none: string) => names.join(", ") || none;
  return (
    <li className="px-4 py-2 text-sm">
      <div className="flex flex-wrap items-center gap-2">
        <span className="min-w-0 flex-1 font-medium wrap-anywhere">{channel.name}</span>
        <Status tone={channel.fault ? "bad" : "ok"}>
          {channel.fault ? t("settings.unusable") : t("settings.usable")}
        </Status>
        <Button
          size="small"
          aria-label={t("settings.testChannel", { channel: channel.name })}
          onClick={() => test.mutate()}
          disabled={test.isPending}
        >
          {t("settings.test")}
        </Button>
      </div>
      <p className="text-xs text-ink-2">
        {t("settings.tells", {
          kinds: all(channel.kinds, t("settings.everything")),
          domains: all(channel.domains, t("settings.everyDomain")),
          to: all(channel.to, t("settings.everybody")),
        })}
      </p>
      {channel.fault ? <p className="text-xs text-bad">{channel.fault}</p> : null}
      <p role="status" className="text-xs">
        {test.data ? (test.data.fault ?? t("settings.testSent")) : ""}
      </p>
      {test.isError ? <Failed error={test.error} /> : null}
    </li>
  );
}
