import { Lock, ShieldCheck } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { Shape } from "@/api/client";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { Button } from "@/ui/button";
import { Empty } from "@/ui/state";

const RoleDialog = lazy(() => import("@/app/role-dialog"));

/** That something takes a role: how to take it, or whom to ask. */
export function NeedsRole({
  needs: role,
  title,
  children,
}: {
  needs: Shape<"Role">;
  title: string;
  children?: ReactNode;
}) {
  const { eligible } = useSession();
  const [isTaking, setTaking] = useState(false);
  const isEligible = eligible.includes(role);
  return (
    <>
      <Empty
        icon={Lock}
        title={title}
        action={
          isEligible ? (
            <Button kind="primary" onClick={() => setTaking(true)}>
              <ShieldCheck aria-hidden />
              {t("people.takeRole", { role: t(`shell.role.${role}`) })}
            </Button>
          ) : undefined
        }
      >
        {isEligible
          ? t("people.roleIsYours", { role: t(`shell.role.${role}`) })
          : t("people.roleIsNotYours", { role: t(`shell.role.${role}`) })}
        {children}
      </Empty>
      <Suspense fallback={null}>{isTaking ? <RoleDialog onClose={() => setTaking(false)} /> : null}</Suspense>
    </>
  );
}
