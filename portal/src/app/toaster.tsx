import { Toaster } from "sonner";
import { t } from "@/i18n/texts";

export default function Toasts() {
  return (
    <Toaster
      position="bottom-right"
      containerAriaLabel={t("shell.notices")}
      toastOptions={{
        style: { background: "var(--panel)", color: "var(--ink)", borderColor: "var(--line)" },
      }}
    />
  );
}
