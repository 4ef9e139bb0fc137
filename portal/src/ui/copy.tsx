import { Check, Copy as CopyIcon } from "lucide-react";
import { useState } from "react";
import { t } from "@/i18n/texts";
import { copyText } from "@/lib/copy";
import { Button } from "@/ui/button";
import { say } from "@/ui/toast";

const SHOWN_MS = 2000;

/** Copy a text; says that it did, also to those who do not see the icon change. */
export function Copy({ text, label = t("shell.copy") }: { text: string; label?: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    if (!(await copyText(text))) return say(t("shell.copyFailed"));
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  return (
    <>
      <Button kind="quiet" size="iconSmall" onClick={copy} aria-label={label} title={label}>
        {isCopied ? <Check className="text-ok" aria-hidden /> : <CopyIcon aria-hidden />}
      </Button>
      <span role="status" className="sr-only">
        {isCopied ? t("shell.copied") : ""}
      </span>
    </>
  );
}
