import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { t } from "@/i18n/texts";
import { classes } from "@/lib/classes";
import { Button } from "@/ui/button";

interface LayerProps {
  title: ReactNode;
  /** One sentence below the title. */
  description?: ReactNode;
  isOpen: boolean;
  onOpen: (isOpen: boolean) => void;
  children: ReactNode;
  /** The buttons below. */
  actions?: ReactNode;
  isWide?: boolean;
}

/** A question in the middle: few fields, one decision. */
export function Dialog(props: LayerProps) {
  const width = props.isWide ? "max-w-3xl" : "max-w-lg";
  return (
    <Layer
      {...props}
      className={`top-1/2 left-1/2 max-h-[calc(100dvh-32px)] w-[calc(100vw-32px)] -translate-x-1/2 -translate-y-1/2 rounded-lg border ${width}`}
    />
  );
}

/** A page beside the page: forms with several parts, details of a thing in a list. */
export function Sheet(props: LayerProps) {
  const width = props.isWide ? "sm:w-[860px]" : "sm:w-[520px]";
  return <Layer {...props} className={`inset-y-0 right-0 w-full border-l ${width} max-w-full`} />;
}

function Layer({
  title,
  description,
  isOpen,
  onOpen,
  children,
  actions,
  className,
}: LayerProps & { className: string }) {
  return (
    <Radix.Root open={isOpen} onOpenChange={onOpen}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Radix.Content
          className={classes(
            "fixed z-50 flex flex-col border-line bg-panel text-ink shadow-float",
            className,
          )}
          {...(description ? {} : { "aria-describedby": undefined })}
        >
          <header className="flex items-start gap-3 border-b border-line px-4 py-3">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
              {description ? (
                <Radix.Description className="text-sm text-ink-2">{description}</Radix.Description>
              ) : null}
            </div>
            <Radix.Close asChild>
              <Button kind="quiet" size="iconSmall" aria-label={t("shell.close")}>
                <X aria-hidden />
              </Button>
            </Radix.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto p-4">{children}</div>
          {actions ? (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3">
              {actions}
            </footer>
          ) : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
