import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { formatCount } from "@/lib/format";

export interface Tab {
  name: string;
  label: ReactNode;
  /** How much is there, beside the label. */
  count?: number;
  content: () => ReactNode;
}

/** Tabs whose chosen one the page keeps in its address. */
export function Tabs({
  tabs,
  chosen: wanted,
  onChoose,
  label,
}: {
  tabs: readonly Tab[];
  chosen: string;
  onChoose: (name: string) => void;
  label: string;
}) {
  // A link may name a tab that is not there for whoever follows it.
  const chosen = tabs.some((tab) => tab.name === wanted) ? wanted : (tabs[0]?.name ?? "");
  return (
    <Radix.Root value={chosen} onValueChange={onChoose} activationMode="manual">
      <Radix.List
        aria-label={label}
        className="-mx-4 flex gap-1 overflow-x-auto border-b border-line px-4 sm:mx-0 sm:px-0"
      >
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.name}
            value={tab.name}
            className="-mb-px flex h-9 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-2.5 text-sm text-ink-2 hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
          >
            {tab.label}
            {tab.count === undefined ? null : (
              <span className="tnum text-xs text-ink-3">{formatCount(tab.count)}</span>
            )}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.name} value={tab.name} className="pt-4">
          {tab.name === chosen ? tab.content() : null}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
