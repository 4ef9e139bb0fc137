import { Link } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";
import { answer, api } from "@/api/client";
import { classes } from "@/lib/classes";
import { Button } from "@/ui/button";
import { useChange } from "./change";

/** Put somebody into a team, or take them out of it. */
export function useMembership() {
  return useChange((team: string, name: string, isMember: boolean) => {
    const params = { path: { team, name } };
    return isMember
      ? answer(api.PUT("/api/v1/teams/{team}/members/{name}", { params }))
      : answer(api.DELETE("/api/v1/teams/{team}/members/{name}", { params }));
  });
}

/** A member of a team, or a team of somebody's; `end` is for those who may end that. */
export function Membership({
  name,
  to,
  end,
  className,
}: {
  name: string;
  to: string;
  end: { label: string; icon: LucideIcon; isPending: boolean; onEnd: () => void } | null;
  className?: string;
}) {
  return (
    <li className={classes("flex items-center gap-2 text-sm", className)}>
      <Link to={to} className="flex-1 wrap-anywhere text-accent hover:underline">
        {name}
      </Link>
      {end ? (
        <Button
          kind="quiet"
          size="iconSmall"
          disabled={end.isPending}
          aria-label={end.label}
          onClick={end.onEnd}
        >
          <end.icon aria-hidden />
        </Button>
      ) : null}
    </li>
  );
}
