import { type ReactNode, useLayoutEffect } from "react";
import { t } from "@/i18n/texts";

/** The head of a page: its title, which is also the window's, what it is about, and what can be done. */
export function PageHead({
  title,
  above,
  children,
  actions,
}: {
  title: string;
  above?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  useTitle(title);
  return (
    <header className="mb-4 flex flex-col gap-3 sm:flex-row sm:flex-wrap sm:items-start">
      <div className="min-w-0 sm:grow sm:basis-80">
        {above ? <div className="text-xs text-ink-3">{above}</div> : null}
        <h1 className="text-2xl font-semibold tracking-[-0.01em] break-words">{title}</h1>
        {children ? <div className="mt-1 max-w-[80ch] text-ink-2">{children}</div> : null}
      </div>
      {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
    </header>
  );
}

export function useTitle(title: string): void {
  // With the page itself: whoever hears or looks for the title when the heading is there finds it.
  useLayoutEffect(() => {
    document.title = t("shell.windowTitle", { title });
  }, [title]);
}
