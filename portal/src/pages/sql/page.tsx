import type { SQLNamespace } from "@codemirror/lang-sql";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import type { EditorHandle } from "@/ui/editor/editor";
import { SqlEditor } from "@/ui/editor/sql";
import { PageHead } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Failed } from "@/ui/state";
import { Tabs } from "@/ui/tabs";
import { useFault } from "./fault";
import { HistoryPanel } from "./history";
import { useOpenQueries } from "./open";
import { type Readable, readableQuery } from "./queries";
import { Result } from "./result";
import { useRun } from "./run";
import { SavedPanel } from "./saved";
import { useSavedInAddress } from "./saved-queries";
import { PANELS, SEARCH } from "./search";
import { TabList, titleOf } from "./tab-list";
import { Toolbar } from "./toolbar";
import { Tree } from "./tree";

/** Longer texts are not in the address: what carries it has limits. */
const LONGEST_IN_ADDRESS = 4000;
const STILL_MS = 400;

/** The workbench: questions in SQL, over what one may read. */
export function Page() {
  const session = useSession();
  const [{ sql, q, panel = "data" }, change] = useAddress(SEARCH);
  const { tabs, tab, choose, change: changeTab, add, close } = useOpenQueries(session.id);
  const editor = useRef<EditorHandle>(null);
  const readable = useQuery(readableQuery);
  const schema = useMemo(() => namespaceOf(readable.data ?? []), [readable.data]);

  // The address follows the tab; an address that somebody came by opens one.
  const mirrored = useRef<string>(undefined);
  useEffect(() => {
    if (sql === undefined || sql === mirrored.current) return;
    mirrored.current = sql;
    add({ sql });
  }, [sql, add]);
  const linked = useSavedInAddress(q, add);
  const isLinkOpen = q === undefined || !linked.isPending;
  useEffect(() => {
    const short = tab.sql.trim() && tab.sql.length <= LONGEST_IN_ADDRESS ? tab.sql : undefined;
    if (short === mirrored.current || !isLinkOpen) return;
    const timer = setTimeout(() => {
      mirrored.current = short;
      change({ sql: short, q: undefined });
    }, STILL_MS);
    return () => clearTimeout(timer);
  }, [tab.sql, change, isLinkOpen]);

  const run = useRun(tab, changeTab);
  const ask = (text: string, from: number) => {
    if (!text.trim()) return;
    // How the last answer was drawn says nothing about this one.
    change({ x: undefined, y: undefined, by: undefined, mark: undefined });
    run.begin(text, from);
  };
  const open = (text: string) => add({ sql: text });
  // What is opened to be looked at is asked at once, as soon as it has its tab.
  const [wanted, setWanted] = useState<string>();
  const show = (text: string) => {
    open(text);
    setWanted(text);
  };
  const { begin } = run;
  useEffect(() => {
    if (wanted === undefined || tab.sql !== wanted) return;
    setWanted(undefined);
    begin(wanted, 0);
  }, [wanted, tab.sql, begin]);
  const insert = (text: string) => {
    const view = editor.current?.view;
    if (!view) return;
    view.dispatch(view.state.replaceSelection(text));
    view.focus();
  };
  const fault = useFault(tab.asked);
  return (
    <>
      <PageHead title={t("sql.title")}>{t("sql.lead")}</PageHead>
      {linked.isError ? <Failed error={linked.error} /> : null}
      <div className="grid gap-4 lg:grid-cols-[280px_minmax(0,1fr)]">
        <Panel className="self-start max-lg:order-2">
          <Tabs
            label={t("sql.panels")}
            chosen={panel}
            onChoose={(chosen) => change({ panel: PANELS.find((one) => one === chosen) })}
            tabs={[
              {
                name: "data",
                label: t("sql.panel.data"),
                content: () => <Tree onInsert={insert} onOpen={show} />,
              },
              {
                name: "history",
                label: t("sql.panel.history"),
                content: () => <HistoryPanel onOpen={open} />,
              },
              { name: "saved", label: t("sql.panel.saved"), content: () => <SavedPanel onOpen={add} /> },
            ]}
          />
        </Panel>
        <div className="min-w-0 space-y-3">
          <div>
            <TabList
              tabs={tabs}
              chosen={tab.id}
              onChoose={(one) => choose(one.id)}
              onAdd={() => add()}
              onClose={(id) => {
                run.forget(tabs.find((one) => one.id === id));
                close(id);
              }}
            />
            <div id="query" role="tabpanel" aria-label={titleOf(tab)} className="space-y-2 pt-2">
              <SqlEditor
                key={tab.id}
                ref={editor}
                label={t("sql.editor")}
                value={tab.sql}
                onChange={(text) => changeTab(tab.id, { sql: text })}
                onRun={ask}
                schema={schema}
                fault={fault}
                placeholder={t("sql.placeholder")}
                height="200px"
              />
              <Toolbar
                tab={tab}
                run={run}
                editor={editor}
                onRun={ask}
                onSaved={(saved) => changeTab(tab.id, { saved })}
              />
            </div>
          </div>
          {tab.asked ? (
            <section aria-label={t("sql.answer")}>
              <Result key={tab.asked.id} asked={tab.asked} name={titleOf(tab)} />
            </section>
          ) : null}
        </div>
      </div>
    </>
  );
}

function namespaceOf(readable: readonly Readable[]): SQLNamespace {
  const found: Record<string, Record<string, SQLNamespace>> = {};
  for (const { domain, name, columns } of readable) {
    const datasets = found[domain] ?? {};
    found[domain] = datasets;
    datasets[name.slice(domain.length + 1)] = columns.map((column) => ({
      label: column.name,
      type: "property",
      detail: column.type.toLowerCase(),
    }));
  }
  return found;
}
