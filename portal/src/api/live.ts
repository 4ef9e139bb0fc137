// What happens while somebody looks: the server tells, and what is shown is asked for anew.
import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Shape } from "@/api/client";

type Kind = Shape<"EventKind">;

/** The first part of the keys of what each kind of event makes old. */
const TOUCHED: Record<Kind, readonly string[]> = {
  "agreement:approved": ["session", "requests", "agreements", "datasets", "catalog", "readable"],
  "agreement:denied": ["session", "requests", "agreements"],
  "agreement:expired": ["agreements", "datasets", "catalog", "readable"],
  "agreement:narrowed": ["agreements", "datasets", "readable"],
  "agreement:reassessed": ["agreements"],
  "agreement:renewed": ["agreements"],
  "agreement:requested": ["session", "requests"],
  "agreement:revoked": ["agreements", "datasets", "catalog", "readable"],
  "agreement:withdrawn": ["session", "requests", "agreements"],
  "notification:told": ["deliveries"],
  "release:published": ["releases", "products", "datasets", "quality", "status", "incidents", "catalog"],
  "run:failed": ["runs", "status", "incidents"],
  "run:published": ["runs"],
  "run:refused": ["runs", "quality", "status", "incidents"],
  "run:running": ["runs"],
  "run:unchanged": ["runs"],
};
/** What every event makes old: what lists events themselves, and what waits for somebody or changed. */
const ALWAYS = ["events", "home"] as const;
const KINDS = Object.keys(TOUCHED) as Kind[];
const AGAIN_MS = 30_000;

/** Keep what is shown current; once, in the frame. A window that nobody sees listens to nothing. */
export function useLive(): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    const forget = (first: string) => void queryClient.invalidateQueries({ queryKey: [first] as QueryKey });
    let source: EventSource | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    let place = "";
    const end = () => {
      clearTimeout(again);
      source?.close();
      source = undefined;
    };
    const begin = () => {
      end();
      // A browser has few connections to one host: windows behind others leave them to those in front.
      if (document.visibilityState === "hidden") return;
      source = new EventSource(`/api/v1/events${place ? `?after=${encodeURIComponent(place)}` : ""}`);
      const seen = (event: MessageEvent) => {
        place = event.lastEventId || place;
      };
      for (const kind of KINDS) {
        source.addEventListener(kind, (event) => {
          seen(event);
          for (const first of [...TOUCHED[kind], ...ALWAYS]) forget(first);
        });
      }
      source.addEventListener("stream:opened", seen);
      source.addEventListener("stream:behind", (event) => {
        seen(event);
        void queryClient.invalidateQueries();
      });
      source.addEventListener("stream:ended", () => {
        end();
        forget("session");
      });
      // A browser tries again by itself after a broken stream, but not after a refusal.
      source.addEventListener("error", () => {
        if (source?.readyState === EventSource.CLOSED) again = setTimeout(begin, AGAIN_MS);
      });
    };
    begin();
    document.addEventListener("visibilitychange", begin);
    return () => {
      document.removeEventListener("visibilitychange", begin);
      end();
    };
  }, [queryClient]);
}
