import { t } from "@/i18n/texts";

export function Brand() {
  return (
    <span className="flex h-8 items-center gap-2 px-1 text-lg font-semibold">
      <img src="/icon.svg" alt="" className="size-6" />
      {t("shell.brand")}
    </span>
  );
}
