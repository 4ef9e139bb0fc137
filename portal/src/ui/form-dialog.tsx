import type { FormEvent, ReactNode } from "react";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Failed } from "@/ui/state";

/** A dialog with fields, whose one button sends them; `made` stands there instead once there is something to show. */
export function FormDialog({
  id,
  submit,
  sending,
  isReady = true,
  onSubmit,
  onClose,
  made,
  children,
  ...rest
}: {
  /** The form's. */
  id: string;
  title: ReactNode;
  description?: ReactNode;
  isWide?: boolean;
  /** What the button says. */
  submit: ReactNode;
  /** What sends the fields: while it is on its way nobody sends them again. */
  sending: { isPending: boolean; error: unknown };
  isReady?: boolean;
  onSubmit: (form: FormData) => void;
  onClose: () => void;
  made?: { shown: ReactNode; actions: ReactNode } | false | undefined;
  children: ReactNode;
}) {
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget));
  };
  return (
    <Dialog
      isOpen
      onOpen={onClose}
      actions={
        made ? (
          made.actions
        ) : (
          <Button kind="primary" type="submit" form={id} disabled={!isReady || sending.isPending}>
            {submit}
          </Button>
        )
      }
      {...rest}
    >
      {made ? (
        made.shown
      ) : (
        <form id={id} onSubmit={send} className="space-y-4">
          {children}
          {sending.error ? <Failed error={sending.error} /> : null}
        </form>
      )}
    </Dialog>
  );
}
