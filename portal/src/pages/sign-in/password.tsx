import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useId, useState } from "react";
import { t } from "@/i18n/texts";
import { Button } from "@/ui/button";
import { Input } from "@/ui/field";

/** A password, which its writer may look at. */
export function Password({
  label,
  hint,
  ...rest
}: ComponentProps<"input"> & { label: string; hint?: string }) {
  const id = useId();
  const [isShown, setShown] = useState(false);
  return (
    <div className="space-y-1">
      <label htmlFor={id} className="block text-xs font-medium text-ink-2">
        {label}
      </label>
      <div className="flex gap-1">
        <Input id={id} type={isShown ? "text" : "password"} required maxLength={1024} {...rest} />
        <Button
          kind="quiet"
          size="icon"
          aria-label={isShown ? t("signIn.hidePassword") : t("signIn.showPassword")}
          onClick={() => setShown(!isShown)}
        >
          {isShown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
        </Button>
      </div>
      {hint ? <p className="text-xs text-ink-3">{hint}</p> : null}
    </div>
  );
}
