import { Copy } from "@/ui/copy";

/** Text to copy and paste: a statement, a command, a program. */
export function Code({ text, label }: { text: string; label: string }) {
  return (
    <div className="flex items-start gap-1 rounded-md border border-line bg-sunken p-1.5">
      <pre className="min-w-0 flex-1 p-1.5 font-mono text-xs leading-5 break-words whitespace-pre-wrap">
        {text}
      </pre>
      <Copy text={text} label={label} />
    </div>
  );
}
