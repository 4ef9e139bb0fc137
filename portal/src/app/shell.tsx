import { Outlet, useSearch } from "@tanstack/react-router";
import { Menu, Search, X } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useLive } from "@/api/live";
import { Brand } from "@/app/brand";
import { Navigation } from "@/app/navigation";
import { UserPanel } from "@/app/user-panel";
import { loadTexts, t } from "@/i18n/texts";
import { Button } from "@/ui/button";
import { Kbd } from "@/ui/kbd";

const Palette = lazy(() => import("@/app/palette"));
const RoleDialog = lazy(() => import("@/app/role-dialog"));
const TourPanel = lazy(async () => {
  const [module] = await Promise.all([import("@/pages/learn/tour-panel"), loadTexts(["learn"])]);
  return module;
});
const Toaster = lazy(() => import("@/app/toaster"));

/** The frame around every page: where one can go, who one is, and the way past both. */
export function Shell() {
  const { tour }: { tour?: string } = useSearch({ strict: false });
  const [isSearching, setSearching] = useState(false);
  const [isListed, setListed] = useState(false);
  const [isTaking, setTaking] = useState(false);
  useLive();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setSearching(true);
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  const search = () => setSearching(true);
  const takeRole = () => setTaking(true);
  return (
    <div className="min-h-dvh lg:pl-52">
      <a
        href="#page"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-accent px-3 py-1.5 text-on-accent focus:translate-y-0"
      >
        {t("shell.skip")}
      </a>

      <aside
        aria-label={t("shell.frame")}
        className="fixed inset-y-0 left-0 hidden w-52 flex-col gap-3 overflow-y-auto border-r border-line bg-sunken p-3 lg:flex"
      >
        <Brand />
        <button
          type="button"
          onClick={search}
          className="flex h-8 items-center gap-2 rounded-md border border-line-strong bg-panel px-2 text-sm text-ink-3 hover:text-ink"
        >
          <Search className="size-4" aria-hidden />
          <span className="flex-1 text-left">{t("shell.search")}</span>
          <Kbd>{t("shell.searchKey")}</Kbd>
        </button>
        <div className="flex-1">
          <Navigation />
        </div>
        <UserPanel id="user" onRoles={takeRole} />
      </aside>

      <header className="sticky top-0 z-20 flex h-12 items-center gap-1 border-b border-line bg-sunken px-2 lg:hidden">
        <Button
          kind="quiet"
          size="icon"
          aria-label={t("shell.openNavigation")}
          onClick={() => setListed(true)}
        >
          <Menu aria-hidden />
        </Button>
        <div className="flex-1">
          <Brand />
        </div>
        <Button kind="quiet" size="icon" aria-label={t("shell.search")} onClick={search}>
          <Search aria-hidden />
        </Button>
      </header>
      {isListed ? <PhoneNavigation onClose={() => setListed(false)} onRoles={takeRole} /> : null}

      <main id="page" tabIndex={-1} className="mx-auto max-w-[1280px] px-4 py-5 outline-none sm:px-6 lg:px-8">
        <Suspense fallback={null}>{tour ? <TourPanel /> : null}</Suspense>
        <Outlet />
      </main>
      <Suspense fallback={null}>{isTaking ? <RoleDialog onClose={() => setTaking(false)} /> : null}</Suspense>
      <Suspense fallback={null}>
        {isSearching ? <Palette onClose={() => setSearching(false)} /> : null}
        <Toaster />
      </Suspense>
    </div>
  );
}

/** The navigation of narrow screens: over the page, until one has chosen. */
function PhoneNavigation({ onClose, onRoles }: { onClose: () => void; onRoles: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  // The browser itself closes it, and gives the focus back to what opened it.
  const close = () => dialog.current?.close();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a dialog closes by Escape itself; this is the click beside it
    <dialog
      ref={dialog}
      aria-label={t("shell.navigation")}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && close()}
      className="m-0 h-dvh max-h-none w-72 max-w-[85vw] border-r border-line bg-sunken text-ink backdrop:bg-black/40"
    >
      <div className="flex min-h-full flex-col gap-3 p-3">
        <div className="flex items-center">
          <div className="flex-1">
            <Brand />
          </div>
          <Button kind="quiet" size="icon" aria-label={t("shell.close")} onClick={close}>
            <X aria-hidden />
          </Button>
        </div>
        <div className="flex-1">
          <Navigation onGo={close} />
        </div>
        <UserPanel
          id="user-phone"
          onGo={close}
          // Beside it nothing can be reached.
          onRoles={() => {
            close();
            onRoles();
          }}
        />
      </div>
    </dialog>
  );
}
