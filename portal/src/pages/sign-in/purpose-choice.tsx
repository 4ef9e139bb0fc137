import type { Shape } from "@/api/client";
import { hasText, t } from "@/i18n/texts";

const KEPT = "purpose";
/** Always on the list, whatever an organisation says. */
const BUILT_IN = new Set(["administration", "production"]);

/** What somebody signs in for: everything that they do is decided and recorded with it. */
export function PurposeChoice({
  purposes,
  chosen,
  onChoose,
}: {
  purposes: readonly Shape<"PurposeFacts">[];
  chosen: string;
  onChoose: (purpose: string) => void;
}) {
  return (
    <fieldset className="space-y-1">
      <legend className="mb-1 text-xs font-medium text-ink-2">{t("signIn.purpose")}</legend>
      <div className="divide-y divide-line rounded-md border border-line">
        {inOrder(purposes).map((purpose) => {
          const basis = `signIn.basis.${purpose.legal_basis}`;
          return (
            <label
              key={purpose.name}
              className="flex cursor-pointer gap-2.5 px-3 py-2 has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-focus"
            >
              <input
                type="radio"
                name="purpose"
                value={purpose.name}
                checked={purpose.name === chosen}
                onChange={() => onChoose(purpose.name)}
                className="mt-1 accent-accent"
              />
              <span className="text-sm">
                <span className="font-medium">{purpose.name}</span>
                <span className="block text-xs text-ink-2">{purpose.description}</span>
                <span className="block text-xs text-ink-2">
                  {hasText(basis) ? t(basis) : purpose.legal_basis}
                </span>
              </span>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}

/** What most people work for comes first, what keeps the workspace itself running last. */
function inOrder(purposes: readonly Shape<"PurposeFacts">[]): Shape<"PurposeFacts">[] {
  const isBuiltIn = (one: Shape<"PurposeFacts">) => BUILT_IN.has(one.name);
  return [...purposes.filter((one) => !isBuiltIn(one)), ...purposes.filter(isBuiltIn)];
}

/** The purpose of the last time, else the first one that is not for keeping the workspace itself in order. */
PurposeChoice.first = (purposes: readonly Shape<"PurposeFacts">[]): string => {
  const last = localStorage.getItem(KEPT);
  const usual = purposes.find((one) => one.name === last) ?? purposes.find((one) => one.name === "analytics");
  return (usual ?? purposes[0])?.name ?? "";
};

export function rememberPurpose(purpose: string): void {
  localStorage.setItem(KEPT, purpose);
}
