import type { ReactNode } from "react";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Failed } from "@/ui/state";

/** A question before what is not easily undone: leave it, or do it. */
export function Confirm({
  title,
  description,
  leave,
  action,
  doing,
  onConfirm,
  onClose,
  children,
}: {
  title: ReactNode;
  description: ReactNode;
  /** What the button says that changes nothing. */
  leave: ReactNode;
  /** What the button says that does it. */
  action: ReactNode;
  /** What does it: while it is on its way nobody does it again. */
  doing: { isPending: boolean; error: unknown };
  onConfirm: () => void;
  onClose: () => void;
  children?: ReactNode;
}) {
  return (
    <Dialog
      isOpen
      onOpen={onClose}
      title={title}
      description={description}
      actions={
        <>
          <Button onClick={onClose}>{leave}</Button>
          <Button kind="danger" disabled={doing.isPending} onClick={onConfirm}>
            {action}
          </Button>
        </>
      }
    >
      {children}
      {doing.error ? <Failed error={doing.error} /> : null}
    </Dialog>
  );
}
