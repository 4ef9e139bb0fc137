import { t } from "@/i18n/texts";
import { useAddress } from "@/lib/address";
import { Select } from "@/ui/field";
import { SEARCH } from "./search";

/** One way to narrow a list, kept in the address. */
export function Facet({
  name,
  label,
  values,
}: {
  name: "domain" | "owner";
  label: string;
  values: readonly string[];
}) {
  const [search, change] = useAddress(SEARCH);
  const chosen = search[name];
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return (
    <Select
      aria-label={label}
      value={chosen ?? ""}
      className="w-auto! max-w-56"
      onChange={(event) => change({ [name]: event.target.value || undefined })}
    >
      <option value="">{t("catalog.all", { facet: label })}</option>
      {[...counts].sort().map(([value, count]) => (
        <option key={value} value={value}>
          {t("catalog.facet", { value, amount: count })}
        </option>
      ))}
    </Select>
  );
}
