import { type FormEvent, type ReactNode, useState } from "react";
import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { SEARCH } from "./search";

type Name = keyof typeof SEARCH;
export type Draft<Names extends Name> = { [One in Names]: string };

/** A question as a form: what is filled in goes into the address when it is asked, and the answer stands below. */
export function Question<const Names extends readonly Name[]>({
  names,
  action,
  children,
}: {
  /** What of the address it is about. */
  names: Names;
  /** What the button says. */
  action: string;
  children: (draft: Draft<Names[number]>, fill: (part: Partial<Draft<Names[number]>>) => void) => ReactNode;
}) {
  const [said, change] = useAddress(SEARCH);
  const asked = Object.fromEntries(names.map((name) => [name, said[name] ?? ""])) as Draft<Names[number]>;
  return (
    <Panel className="mb-4">
      <Form
        asked={asked}
        action={action}
        onAsk={(draft) =>
          change(
            Object.fromEntries(
              Object.entries<string>(draft).map(([name, value]) => [name, value.trim() || undefined]),
            ),
            { push: true },
          )
        }
      >
        {children}
      </Form>
    </Panel>
  );
}

function Form<Names extends Name>({
  asked,
  action,
  onAsk,
  children,
}: {
  asked: Draft<Names>;
  action: string;
  onAsk: (draft: Draft<Names>) => void;
  children: (draft: Draft<Names>, fill: (part: Partial<Draft<Names>>) => void) => ReactNode;
}) {
  const [draft, setDraft] = useState(asked);
  const [filled, setFilled] = useState(asked);
  // A link to another question fills the form anew; its fields stay, and the focus with them.
  if (JSON.stringify(filled) !== JSON.stringify(asked)) {
    setFilled(asked);
    setDraft(asked);
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    onAsk(draft);
  };
  const isEmpty = Object.values<string>(asked).every((value) => value === "");
  return (
    <form onSubmit={onSubmit} className="space-y-3">
      <div className="grid items-start gap-3 sm:grid-cols-2 xl:grid-cols-4">
        {children(draft, (part) => setDraft((before) => ({ ...before, ...part })))}
      </div>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" kind="primary">
          {action}
        </Button>
        {isEmpty ? null : (
          <Button
            kind="quiet"
            onClick={() =>
              onAsk(Object.fromEntries(Object.keys(asked).map((name) => [name, ""])) as Draft<Names>)
            }
          >
            {t("governance.clear")}
          </Button>
        )}
      </div>
    </form>
  );
}
