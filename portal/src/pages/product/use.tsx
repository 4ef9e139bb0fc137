import { useState } from "react";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { Code } from "@/ui/code";
import { Field, Select } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/state";
import { snippets } from "./snippets";

/** How to read a product's datasets, to copy and paste. */
export function Use({ datasets }: { datasets: readonly string[] }) {
  const { purpose } = useSession();
  const [chosen, setChosen] = useState(datasets[0] ?? "");
  if (!datasets.length) return <Empty title={t("product.noDatasets")} />;
  return (
    <div className="max-w-3xl space-y-4">
      {datasets.length > 1 ? (
        <div className="max-w-72">
          <Field label={t("product.dataset")}>
            <Select value={chosen} onChange={(event) => setChosen(event.target.value)}>
              {datasets.map((dataset) => (
                <option key={dataset}>{dataset}</option>
              ))}
            </Select>
          </Field>
        </div>
      ) : null}
      {snippets(chosen, location.origin, purpose).map(({ name, text }) => (
        <Panel key={name} title={t(`product.use.${name}`)}>
          <Code text={text} label={t("product.copy", { what: t(`product.use.${name}`) })} />
        </Panel>
      ))}
    </div>
  );
}
