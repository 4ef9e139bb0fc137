import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { datasetQuery, datasetsQuery, purposesQuery } from "@/api/queries";
import { t } from "@/i18n/texts";
import { split } from "@/lib/address";
import { Field, Input, Select } from "@/ui/field";

/** A dataset by its name, with those that one may know of to choose from. */
export function DatasetField({
  value,
  onChange,
  isRequired,
}: {
  value: string;
  onChange: (value: string) => void;
  isRequired?: boolean;
}) {
  const datasets = useQuery(datasetsQuery);
  const list = useId();
  return (
    <Field label={t("governance.dataset")}>
      <InputOf
        list={list}
        options={datasets.data?.map((one) => one.name) ?? []}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        required={isRequired}
        placeholder={t("governance.datasetHint")}
      />
    </Field>
  );
}

/** A column of a dataset; only once the dataset is one. */
export function ColumnField({
  dataset,
  value,
  onChange,
  isRequired,
}: {
  dataset: string;
  value: string;
  onChange: (value: string) => void;
  isRequired?: boolean;
}) {
  const { domain, rest } = split(dataset);
  const found = useQuery({
    ...datasetQuery(domain, rest),
    enabled: dataset.includes(".") && Boolean(domain && rest),
    retry: false,
  });
  const list = useId();
  return (
    <Field label={isRequired ? t("governance.column") : t("governance.columnMaybe")}>
      <InputOf
        list={list}
        options={found.data?.columns.map((one) => one.name) ?? []}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        required={isRequired}
      />
    </Field>
  );
}

/** A purpose of the closed list. */
export function PurposeField({
  value,
  onChange,
  none,
}: {
  value: string;
  onChange: (value: string) => void;
  /** What it means to choose none. */
  none?: string;
}) {
  const purposes = useQuery(purposesQuery);
  return (
    <Field label={t("governance.purpose")}>
      <Select value={value} onChange={(event) => onChange(event.target.value)}>
        {none === undefined ? null : <option value="">{none}</option>}
        {(purposes.data ?? []).map((one) => (
          <option key={one.name}>{one.name}</option>
        ))}
      </Select>
    </Field>
  );
}

/** A person or a program by its name. */
export function WhoField({
  value,
  onChange,
  hint = t("governance.whoHint"),
}: {
  value: string;
  onChange: (value: string) => void;
  hint?: string;
}) {
  return (
    <Field label={t("governance.who")} hint={hint}>
      <Input value={value} onChange={(event) => onChange(event.target.value)} maxLength={200} />
    </Field>
  );
}

/** An input with words to choose from, which is one control for its label. */
function InputOf({
  list,
  options,
  ...rest
}: React.ComponentProps<typeof Input> & { list: string; options: readonly string[] }) {
  return (
    <>
      <Input list={list} autoComplete="off" spellCheck={false} maxLength={200} {...rest} />
      <datalist id={list}>
        {options.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </>
  );
}
