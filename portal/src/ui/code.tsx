import { Copy } from "@/ui/copy";

/** Text to copy and paste: a statement, a command, a program. */
export function Code({ text, label }: { text: string; label: string }) {
  return (
    <div className="relative rounded-md border border-line bg-sunken">
      <pre
        tabIndex={0}
        aria-label={label}
        role="region"
        className="overflow-x-auto p-3 pr-11 font-mono text-xs leading-5"
      >
        {text}
      </pre>
      <div className="absolute top-1.5 right-1.5">
        <Copy text={text} />
      </div>
    </div>
  );
}
