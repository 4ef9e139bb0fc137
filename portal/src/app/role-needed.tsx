import { Lock } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { Shape } from "@/api/client";
import { useSession } from "@/app/session";
import { t } from "@/i18n/texts";
import { Button } from "@/ui/button";
import { Empty } from "@/ui/state";

const RoleDialog = lazy(() => import("@/app/role-dialog"));

/** What somebody sees where a role is needed that they have not taken: which one, and the way to it. */
export function RoleNeeded({ roles, children }: { roles: readonly Shape<"Role">[]; children?: ReactNode }) {
  const { eligible } = useSession();
  const [isTaking, setTaking] = useState(false);
  const named = new Intl.ListFormat(document.documentElement.lang, { type: "disjunction" }).format(
    roles.map((role) => t(`shell.role.${role}`)),
  );
  const mayTake = roles.some((role) => eligible.includes(role));
  return (
    <>
      <Empty
        icon={Lock}
        title={t("shell.roleNeeded", { roles: named })}
        action={
          mayTake ? (
            <Button kind="primary" onClick={() => setTaking(true)}>
              {t("shell.roles")}
            </Button>
          ) : undefined
        }
      >
        {children ? <p>{children}</p> : null}
        <p>{mayTake ? t("shell.rolesDetail") : t("shell.noRoles")}</p>
      </Empty>
      <Suspense fallback={null}>{isTaking ? <RoleDialog onClose={() => setTaking(false)} /> : null}</Suspense>
    </>
  );
}
