import type { ReactNode } from "react";
import { Field, Input } from "@/ui/field";

/** A name or another short text that has to be there. */
export function TextField({
  label,
  hint,
  longest,
  value,
  onChange,
}: {
  label: ReactNode;
  hint: ReactNode;
  /** In characters. */
  longest: number;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <Field label={label} hint={hint}>
      <Input
        required
        maxLength={longest}
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}
