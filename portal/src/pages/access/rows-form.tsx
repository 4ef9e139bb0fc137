import { Plus, X } from "lucide-react";
import type { Shape } from "@/api/client";
import { t } from "@/i18n/texts";
import { Button } from "@/ui/button";
import { Input, Select } from "@/ui/field";
import { type Condition, type Rows, SIGNS, signsOf, takesValue } from "./predicate";

/** Which rows, as conditions below each other. */
export function RowsForm({
  rows,
  columns,
  onChange,
}: {
  rows: Rows;
  columns: readonly Pick<Shape<"ColumnFacts">, "name" | "type">[];
  onChange: (rows: Rows) => void;
}) {
  const { conditions } = rows;
  const put = (place: number, changes: Partial<Condition>) =>
    onChange({
      ...rows,
      conditions: conditions.map((one, at) => (at === place ? { ...one, ...changes } : one)),
    });
  const add = () =>
    onChange({
      ...rows,
      conditions: [...conditions, { column: columns[0]?.name ?? "", sign: "=", value: "" }],
    });
  return (
    <div className="space-y-2">
      {conditions.length > 1 ? (
        <Select
          aria-label={t("access.joined")}
          value={rows.joined}
          className="w-auto!"
          onChange={(event) => onChange({ ...rows, joined: event.target.value === "any" ? "any" : "all" })}
        >
          <option value="all">{t("access.joined.all")}</option>
          <option value="any">{t("access.joined.any")}</option>
        </Select>
      ) : null}
      <ul className="space-y-2">
        {conditions.map(({ column, sign, value }, place) => {
          const type = columns.find((one) => one.name === column)?.type ?? "";
          const number = String(place + 1);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
            <li key={place} className="grid grid-cols-[1fr_1fr_32px] gap-2 sm:grid-cols-[1fr_1fr_1fr_32px]">
              <Select
                aria-label={t("access.conditionColumn", { number })}
                value={column}
                onChange={(event) => put(place, { column: event.target.value, sign: "=" })}
              >
                {columns.map((one) => (
                  <option key={one.name}>{one.name}</option>
                ))}
              </Select>
              <Select
                aria-label={t("access.conditionSign", { number })}
                value={sign}
                onChange={(event) =>
                  put(place, { sign: SIGNS.find((one) => one === event.target.value) ?? "=" })
                }
              >
                {signsOf(type).map((one) => (
                  <option key={one} value={one}>
                    {t(`access.signName.${one}`)}
                  </option>
                ))}
              </Select>
              {takesValue(sign) ? (
                <Input
                  aria-label={t("access.conditionValue", { number })}
                  placeholder={sign === "in" ? t("access.conditionValues") : undefined}
                  value={value}
                  maxLength={500}
                  autoComplete="off"
                  className="max-sm:col-span-2 max-sm:row-start-2"
                  onChange={(event) => put(place, { value: event.target.value })}
                />
              ) : (
                <span className="max-sm:hidden" />
              )}
              <Button
                kind="quiet"
                size="icon"
                aria-label={t("access.conditionRemove", { number })}
                className="col-start-3 row-start-1 sm:col-start-4"
                onClick={() => onChange({ ...rows, conditions: conditions.filter((_, at) => at !== place) })}
              >
                <X aria-hidden />
              </Button>
            </li>
          );
        })}
      </ul>
      <Button size="small" onClick={add} disabled={columns.length === 0}>
        <Plus aria-hidden />
        {conditions.length ? t("access.conditionMore") : t("access.conditionFirst")}
      </Button>
    </div>
  );
}
