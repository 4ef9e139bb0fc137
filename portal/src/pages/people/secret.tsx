import { KeyRound } from "lucide-react";
import { t } from "@/i18n/texts";
import { Code } from "@/ui/code";

const ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz";
const GROUPS = 4;
const LETTERS = 5;

/** Return a password that nobody guesses, of letters that nobody takes for others: 99 bits. */
export function newPassword(): string {
  const letter = () => {
    // Of 256 values only a multiple of the alphabet's length, so that no letter comes more often.
    const most = 256 - (256 % ALPHABET.length);
    for (;;) {
      const value = crypto.getRandomValues(new Uint8Array(1))[0] ?? 255;
      if (value < most) return ALPHABET[value % ALPHABET.length];
    }
  };
  const group = () => Array.from({ length: LETTERS }, letter).join("");
  return Array.from({ length: GROUPS }, group).join("-");
}

/** A secret at the only moment at which it is shown. */
export function Secret({ text, label, children }: { text: string; label: string; children: string }) {
  return (
    <div className="space-y-2 rounded-md bg-warn-soft p-3 text-sm text-warn">
      <p className="flex items-start gap-2 font-medium">
        <KeyRound className="mt-0.5 size-4 shrink-0" aria-hidden />
        {children}
      </p>
      <div className="text-ink">
        <Code text={text} label={t("people.copy", { what: label })} />
      </div>
    </div>
  );
}
