import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { classes } from "@/lib/classes";

const look = cva(
  "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap transition-colors disabled:cursor-not-allowed disabled:opacity-60 aria-disabled:cursor-not-allowed aria-disabled:opacity-60 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      kind: {
        primary: "bg-accent text-on-accent hover:bg-accent-hover",
        secondary: "border border-line-strong bg-panel text-ink hover:bg-sunken",
        quiet: "text-ink-2 hover:bg-sunken hover:text-ink",
        danger: "border border-bad bg-panel text-bad hover:bg-bad-soft",
      },
      size: { normal: "h-8 px-3 text-sm", small: "h-7 px-2 text-xs", icon: "size-8", iconSmall: "size-7" },
    },
    defaultVariants: { kind: "secondary", size: "normal" },
  },
);

type ButtonProps = ComponentProps<"button"> & VariantProps<typeof look> & { asChild?: boolean };

/** A button; with `asChild` the look of one for a link: `<Button asChild><Link …>…</Link></Button>`. */
export function Button({ kind, size, asChild, className, type = "button", ...rest }: ButtonProps) {
  const style = classes(look({ kind, size }), className);
  if (asChild) return <Slot.Root className={style} {...rest} />;
  return <button type={type} className={style} {...rest} />;
}
