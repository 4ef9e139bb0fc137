import { Play, Share2, Square } from "lucide-react";
import { type RefObject, useEffect, useState } from "react";
import { t } from "@/i18n/texts";
import { copyText } from "@/lib/copy";
import { formatDuration } from "@/lib/format";
import { Button } from "@/ui/button";
import type { EditorHandle } from "@/ui/editor/editor";
import { chosenText } from "@/ui/editor/sql";
import { Kbd } from "@/ui/kbd";
import { say } from "@/ui/toast";
import type { OpenQuery } from "./open";
import type { Run } from "./run";
import { SaveButton } from "./save-dialog";

const TICK_MS = 100;

/** What can be done with the text: run it, stop it, save it, send it to somebody. */
export function Toolbar({
  tab,
  run,
  editor,
  onRun,
  onSaved,
}: {
  tab: OpenQuery;
  run: Run;
  editor: RefObject<EditorHandle | null>;
  onRun: (text: string, from: number) => void;
  onSaved: (saved: { id: string; name: string }) => void;
}) {
  const share = async () => {
    const isCopied = await copyText(`${location.origin}/sql?sql=${encodeURIComponent(tab.sql)}`);
    await say(isCopied ? t("sql.linkCopied") : t("shell.copyFailed"));
  };
  const start = () => {
    const view = editor.current?.view;
    const chosen = view ? chosenText(view.state.selection.main, tab.sql) : { text: tab.sql, from: 0 };
    onRun(chosen.text, chosen.from);
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      {run.isRunning ? (
        <Button kind="danger" onClick={run.stop}>
          <Square aria-hidden />
          {t("sql.stop")}
        </Button>
      ) : (
        <Button kind="primary" onClick={start} disabled={!tab.sql.trim()}>
          <Play aria-hidden />
          {t("sql.run")}
        </Button>
      )}
      {run.isRunning && run.since ? <Elapsed since={run.since} /> : <Kbd>{t("sql.runKey")}</Kbd>}
      <span className="flex-1" />
      <SaveButton tab={tab} onSaved={onSaved} />
      <Button onClick={() => void share()} disabled={!tab.sql.trim()}>
        <Share2 aria-hidden />
        {t("sql.copyLink")}
      </Button>
    </div>
  );
}

function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className="tnum text-sm text-ink-2">
      {t("sql.running", { time: formatDuration(Math.max(0, now - since) / 1000) })}
    </span>
  );
}
