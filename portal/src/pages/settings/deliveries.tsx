import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api, once, type Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { Status, type Tone } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Empty, Failed, Loaded } from "@/ui/state";
import { type Column, Table } from "@/ui/table";
import { Time } from "@/ui/time";
import { say } from "@/ui/toast";
import { deliveriesQuery } from "./queries";
import { SEARCH, STATES } from "./search";

type Delivery = Shape<"DeliveryFacts">;
const TONES: Record<Delivery["state"], Tone> = { delivered: "ok", waiting: "info", dead: "bad" };

/** Notifications on their way to their channels; what was given up can be tried again. */
export function Deliveries() {
  const [{ state }, change] = useAddress(SEARCH);
  const deliveries = useQuery(deliveriesQuery(state));
  const queryClient = useQueryClient();
  const retry = useMutation({
    mutationFn: (number: number) =>
      answer(
        api.POST("/api/v1/notifications/{number}/retry", {
          params: { path: { number } },
          headers: once(),
        }),
      ),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["deliveries"] });
      void say(t("settings.retried"));
    },
  });
  return (
    <Panel
      title={t("settings.deliveries")}
      isFlush
      actions={
        <Select
          aria-label={t("settings.state")}
          value={state ?? ""}
          className="w-auto!"
          onChange={(event) => change({ state: STATES.find((one) => one === event.target.value) })}
        >
          <option value="">{t("settings.everyState")}</option>
          {STATES.map((one) => (
            <option key={one} value={one}>
              {t(`settings.state.${one}`)}
            </option>
          ))}
        </Select>
      }
    >
      {retry.isError ? <Failed error={retry.error} /> : null}
      <Loaded query={deliveries}>
        {(found) =>
          found.length ? (
            <Table
              label={t("settings.deliveries")}
              rows={found}
              rowKey={(one) => String(one.number)}
              columns={columnsOf((number) => retry.mutate(number), retry.isPending)}
            />
          ) : (
            <Empty title={t("settings.noDeliveries")} />
          )
        }
      </Loaded>
    </Panel>
  );
}

const columnsOf = (onRetry: (number: number) => void, isPending: boolean): Column<Delivery>[] => [
  {
    id: "what",
    head: t("settings.what"),
    cell: (one) => (
      <div>
        <span className="font-mono text-xs">{one.notification.kind}</span>
        <p className="text-xs wrap-anywhere text-ink-2">
          {one.notification.datasets.join(", ") || one.notification.product || one.notification.domain}
        </p>
      </div>
    ),
  },
  {
    id: "channel",
    head: t("settings.channel"),
    cell: (one) => one.channel,
    hiddenBelow: "sm",
  },
  {
    id: "since",
    head: t("settings.since"),
    value: (one) => Date.parse(one.created_at),
    cell: (one) => <Time at={one.created_at} />,
    hiddenBelow: "md",
  },
  {
    id: "state",
    head: t("settings.state"),
    cell: (one) => (
      <div>
        <Status tone={TONES[one.state]}>{t(`settings.state.${one.state}`)}</Status>
        {one.fault ? (
          <p className="text-xs wrap-anywhere text-ink-2">
            {t("settings.tries", { count: one.attempts })} · {one.fault}
          </p>
        ) : null}
      </div>
    ),
  },
  {
    id: "retry",
    head: t("settings.action"),
    cell: (one) =>
      one.state === "dead" ? (
        <Button
          size="small"
          aria-label={t("settings.retryNumber", { number: one.number })}
          disabled={isPending}
          onClick={() => onRetry(one.number)}
        >
          {t("settings.retry")}
        </Button>
      ) : null,
  },
];
