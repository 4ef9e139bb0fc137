import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useLocation, useRouter } from "@tanstack/react-router";
import { ChevronsUpDown, LogOut, ShieldCheck, Target, UserRound } from "lucide-react";
import { useRef, useState } from "react";
import { answer, api } from "@/api/client";
import { useSession } from "@/app/session";
import { chooseTheme, currentTheme, THEMES } from "@/app/theme";
import { chooseLanguage, LANGUAGES, type Language, language, t } from "@/i18n/texts";
import { formatMoment } from "@/lib/format";
import { Button } from "@/ui/button";
import { Failed } from "@/ui/state";

/** Who is signed in and what for, at the foot of the navigation; how the portal looks, and the way out. */
export function UserPanel({
  id,
  onGo,
  onRoles,
}: {
  id: string;
  /** Called when somebody follows one of its links. */
  onGo?: () => void;
  /** Called when somebody wants to take a role, or to give one back. */
  onRoles: () => void;
}) {
  const session = useSession();
  const queryClient = useQueryClient();
  const router = useRouter();
  const here = useLocation({ select: (location) => location.href });
  const [theme, setTheme] = useState(currentTheme);
  const panel = useRef<HTMLDivElement>(null);
  const signOut = useMutation({
    mutationFn: () => answer(api.DELETE("/api/v1/session")),
    onSuccess: async () => {
      await router.navigate({ to: "/sign-in" });
      queryClient.clear();
    },
  });
  // It lies above everything, a dialog too.
  const leave = (then?: () => void) => {
    panel.current?.hidePopover();
    then?.();
  };
  return (
    <div className="border-t border-line pt-2">
      <button
        type="button"
        popoverTarget={id}
        className="flex w-full items-center gap-2 rounded-md px-2 py-1 text-left text-sm hover:bg-panel"
      >
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{session.name}</span>
          <span className="block truncate text-xs text-ink-3">
            {session.roles.length
              ? session.roles.map((role) => t(`shell.role.${role}` as "shell.role.auditor")).join(", ")
              : session.purpose}
          </span>
        </span>
        <ChevronsUpDown className="size-4 shrink-0 text-ink-3" aria-hidden />
        <span className="sr-only">{t("shell.account")}</span>
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="group"
        aria-label={t("shell.account")}
        className="fixed top-auto right-auto bottom-16 left-3 m-0 w-72 max-w-[calc(100vw-24px)] space-y-3 rounded-lg border border-line bg-panel p-3 text-sm text-ink shadow-float"
      >
        <div>
          <p className="font-medium break-words">{session.name}</p>
          <p className="text-xs text-ink-3">{t("shell.until", { time: formatMoment(session.until) })}</p>
          {session.teams.length ? (
            <p className="text-xs text-ink-3">
              {t("shell.teams", {
                teams: session.teams.map((team) => team.replace(/^team:/, "")).join(", "),
              })}
            </p>
          ) : null}
        </div>
        <div className="space-y-1">
          <p className="text-xs text-ink-3">{t("shell.purposeNow", { purpose: session.purpose })}</p>
          <Button asChild size="small" className="w-full justify-start!">
            <Link to="/sign-in" search={{ to: here, name: session.name }} onClick={() => leave(onGo)}>
              <Target aria-hidden />
              {t("shell.changePurpose")}
            </Link>
          </Button>
          <Button asChild size="small" className="w-full justify-start!">
            <Link to="/account" onClick={() => leave(onGo)}>
              <UserRound aria-hidden />
              {t("shell.ownAccount")}
            </Link>
          </Button>
          <Button size="small" className="w-full justify-start!" onClick={() => leave(onRoles)}>
            <ShieldCheck aria-hidden />
            {t("shell.roles")}
          </Button>
        </div>
        <fieldset className="flex items-center gap-1">
          <legend className="sr-only">{t("shell.theme")}</legend>
          {THEMES.map((one) => (
            <label
              key={one}
              className="flex h-7 flex-1 cursor-pointer items-center justify-center rounded-md text-xs has-checked:bg-accent-soft has-checked:font-medium has-focus-visible:outline-2 has-focus-visible:outline-focus"
            >
              <input
                type="radio"
                name={`${id}-theme`}
                className="sr-only"
                checked={one === theme}
                onChange={() => {
                  chooseTheme(one);
                  setTheme(one);
                }}
              />
              {t(`shell.theme.${one}`)}
            </label>
          ))}
        </fieldset>
        <fieldset className="flex items-center gap-1">
          <legend className="sr-only">{t("shell.language")}</legend>
          {(Object.keys(LANGUAGES) as Language[]).map((one) => (
            <label
              key={one}
              lang={one}
              className="flex h-7 flex-1 cursor-pointer items-center justify-center rounded-md text-xs has-checked:bg-accent-soft has-checked:font-medium has-focus-visible:outline-2 has-focus-visible:outline-focus"
            >
              <input
                type="radio"
                name={`${id}-language`}
                className="sr-only"
                checked={one === language}
                onChange={() => chooseLanguage(one)}
              />
              {LANGUAGES[one]}
            </label>
          ))}
        </fieldset>
        {signOut.isError ? <Failed error={signOut.error} /> : null}
        <Button
          kind="quiet"
          className="w-full justify-start!"
          disabled={signOut.isPending}
          onClick={() => signOut.mutate()}
        >
          <LogOut aria-hidden />
          {t("shell.signOut")}
        </Button>
      </div>
    </div>
  );
}
