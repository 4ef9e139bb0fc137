import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { datasetQuery, datasetsQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { split, useAddress } from "@/lib/address";
import { Button } from "@/ui/button";
import { Field, Select } from "@/ui/field";
import { PageHead } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Empty, Loaded } from "@/ui/state";
import { AskForm } from "./ask-form";
import { ASK } from "./search";

/** Asking for access: which columns and rows, what for, for whom, how long; and exactly what that would give. */
export function Page() {
  const [{ dataset }] = useAddress(ASK);
  return (
    <>
      <PageHead
        title={dataset ? t("access.askFor", { dataset }) : t("access.ask")}
        above={
          <Link to="/requests" search={{}} className="hover:underline">
            {t("access.title")}
          </Link>
        }
      >
        {t("access.askLead")}
      </PageHead>
      {dataset ? <Form key={dataset} name={dataset} /> : <Choice />}
    </>
  );
}

function Form({ name }: { name: string }) {
  const { domain, rest } = split(name);
  const dataset = useQuery(datasetQuery(domain, rest));
  return (
    <Loaded
      query={dataset}
      missing={
        <Empty title={t("access.noDataset", { name })} action={<Choice />}>
          {t("access.noDatasetDetail")}
        </Empty>
      }
    >
      {(found) => <AskForm dataset={found} />}
    </Loaded>
  );
}

/** Which dataset, of those that one may know of. */
function Choice() {
  const datasets = useQuery(datasetsQuery);
  const [, change] = useAddress(ASK);
  return (
    <Loaded query={datasets}>
      {(found) =>
        found.length ? (
          <Panel className="max-w-xl">
            <Field label={t("access.whichDataset")}>
              <Select
                value=""
                onChange={(event) => change({ dataset: event.target.value || undefined }, { push: true })}
              >
                <option value="">{t("access.choose")}</option>
                {found.map((one) => (
                  <option key={one.name}>{one.name}</option>
                ))}
              </Select>
            </Field>
          </Panel>
        ) : (
          <Empty
            title={t("access.noDatasets")}
            action={
              <Button asChild>
                <Link to="/catalog">{t("shell.toCatalog")}</Link>
              </Button>
            }
          />
        )
      }
    </Loaded>
  );
}
