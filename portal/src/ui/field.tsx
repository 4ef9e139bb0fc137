import { type ComponentProps, cloneElement, type ReactElement, type ReactNode, useId } from "react";
import { classes } from "@/lib/classes";

const CONTROL =
  "w-full rounded-md border border-line-strong bg-panel px-2.5 text-sm text-ink disabled:opacity-60 aria-invalid:border-bad";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={classes(CONTROL, "h-8", className)} {...rest} />;
}

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea className={classes(CONTROL, "min-h-20 py-1.5", className)} {...rest} />;
}

/** The browser's own select: it is the best one on a phone and with a screen reader. */
export function Select({ className, ...rest }: ComponentProps<"select">) {
  return <select className={classes(CONTROL, "h-8 pr-7", className)} {...rest} />;
}

/** One of some numbers, each in words; a number that is none of them is offered too where it is the chosen one. */
export function NumberSelect({
  numbers,
  words,
  value,
  onChoose,
  ...rest
}: Omit<ComponentProps<"select">, "value" | "onChange" | "children"> & {
  numbers: readonly number[];
  words: (number: number) => string;
  value: number;
  onChoose: (number: number) => void;
}) {
  const offered = numbers.includes(value) ? numbers : [...numbers, value].sort((a, b) => a - b);
  return (
    <Select value={value} onChange={(event) => onChoose(Number(event.target.value))} {...rest}>
      {offered.map((one) => (
        <option key={one} value={one}>
          {words(one)}
        </option>
      ))}
    </Select>
  );
}

type Control = ReactElement<{ id?: string; "aria-describedby"?: string; "aria-invalid"?: boolean }>;

/** A control with its label, a hint, and what is wrong with it. */
export function Field({
  label,
  hint,
  error,
  children,
}: {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  children: Control;
}) {
  const id = useId();
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <div className="space-y-1">
      <label htmlFor={id} className="block text-xs font-medium text-ink-2">
        {label}
      </label>
      {cloneElement(children, {
        id,
        "aria-describedby": described || undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {hint ? (
        <p id={`${id}-hint`} className="text-xs text-ink-3">
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} className="text-xs text-bad">
          {error}
        </p>
      ) : null}
    </div>
  );
}

/** A box to tick with its label. */
export function Check({
  label,
  hint,
  ...rest
}: ComponentProps<"input"> & { label: ReactNode; hint?: ReactNode }) {
  const id = useId();
  return (
    <div className="flex items-start gap-2">
      <input
        id={id}
        type="checkbox"
        className="mt-0.5 size-4 accent-accent"
        aria-describedby={hint ? `${id}-hint` : undefined}
        {...rest}
      />
      <div className="text-sm">
        <label htmlFor={id}>{label}</label>
        {hint ? (
          <p id={`${id}-hint`} className="text-xs text-ink-3">
            {hint}
          </p>
        ) : null}
      </div>
    </div>
  );
}
