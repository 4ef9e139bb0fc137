import type { ReactNode } from "react";
import { Brand } from "@/app/brand";

/** The frame of the pages before one is signed in. */
export function Doorway({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-md flex-col justify-center gap-6 px-4 py-10">
      <Brand />
      <div>
        <h1 className="text-2xl font-semibold tracking-[-0.01em]">{title}</h1>
        <p className="mt-1 text-ink-2">{lead}</p>
      </div>
      {children}
    </main>
  );
}
