import { useQuery } from "@tanstack/react-query";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { Badge } from "@/ui/badge";
import { Select } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { type Column, Table } from "@/ui/table";
import { serverQuery } from "./queries";
import { SEARCH, SOURCES } from "./search";

/** Every setting as it is in force, with where it comes from; they are changed where the server runs. */
export function Effective() {
  const [{ source }, change] = useAddress(SEARCH);
  const server = useQuery(serverQuery);
  return (
    <Loaded query={server}>
      {(found) => {
        const shown = found.settings.filter((one) => !source || one.source === source);
        return (
          <div className="space-y-3">
            <p className="max-w-[80ch] text-sm text-ink-2">{t("settings.effectiveLead")}</p>
            <Select
              aria-label={t("settings.from")}
              value={source ?? ""}
              className="w-auto!"
              onChange={(event) => change({ source: SOURCES.find((one) => one === event.target.value) })}
            >
              <option value="">{t("settings.everySource")}</option>
              {SOURCES.map((one) => (
                <option key={one} value={one}>
                  {t(`settings.source.${one}`)}
                </option>
              ))}
            </Select>
            {shown.length ? (
              <Panel isFlush>
                <Table
                  label={t("settings.tab.settings")}
                  rows={shown}
                  rowKey={(one) => one.key}
                  columns={COLUMNS()}
                />
              </Panel>
            ) : (
              <Empty title={t("settings.noneFrom")} />
            )}
          </div>
        );
      }}
    </Loaded>
  );
}

const COLUMNS = (): Column<Shape<"SettingFacts">>[] => [
  {
    id: "key",
    head: t("settings.setting"),
    value: (one) => one.key,
    cell: (one) => (
      <div className="min-w-0">
        <span className="font-mono text-xs wrap-anywhere">{one.key}</span>
        <p className="text-xs text-ink-2">{one.meaning.replaceAll("`", "")}</p>
      </div>
    ),
  },
  {
    id: "value",
    head: t("settings.value"),
    cell: (one) =>
      one.value === null ? (
        <span className="text-ink-3">{t("settings.notSet")}</span>
      ) : (
        // As it is written in the file: a port is no quantity.
        <span className="font-mono text-xs wrap-anywhere">{String(one.value)}</span>
      ),
  },
  {
    id: "source",
    head: t("settings.from"),
    value: (one) => one.source,
    cell: (one) => (
      <Badge tone={one.source === "default" ? "plain" : "info"}>{t(`settings.source.${one.source}`)}</Badge>
    ),
  },
  {
    id: "variable",
    head: t("settings.variable"),
    hiddenBelow: "lg",
    cell: (one) => <span className="font-mono text-xs wrap-anywhere text-ink-3">{one.variable}</span>,
  },
];
