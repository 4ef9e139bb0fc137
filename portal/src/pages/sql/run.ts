import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { answer, api, once } from "@/api/client";
import { ApiError } from "@/api/problem";
import type { OpenQuery } from "./open";
import { isOpen, questionQuery } from "./queries";

const remove = (question: string) =>
  api.DELETE("/api/v1/questions/{question}", { params: { path: { question } } });

/** Asks the question of a tab while nobody has to wait, stops it, and forgets answers that nobody looks at. */
export function useRun(tab: OpenQuery, changeTab: (id: string, changes: Partial<OpenQuery>) => void) {
  const client = useQueryClient();
  // What was stopped before the server had said which question it is.
  const stopped = useRef(new Set<number>());
  const id = tab.asked?.id ?? null;
  const question = useQuery({ ...questionQuery(id ?? ""), enabled: id !== null });
  const beginning = useMutation({
    mutationFn: ({ sql }: { tab: string; sql: string; from: number; at: number }) =>
      answer(
        api.POST("/api/v1/questions", {
          body: { sql, environment: "prod", is_noted: true },
          headers: once(),
        }),
      ),
    onMutate: ({ tab: which, sql, from, at }) => changeTab(which, { asked: { id: null, sql, from, at } }),
    onSuccess: (begun, { tab: which, sql, from, at }) => {
      if (stopped.current.delete(at)) {
        void remove(begun.id);
        return;
      }
      client.setQueryData(questionQuery(begun.id).queryKey, begun);
      changeTab(which, { asked: { id: begun.id, sql, from, at } });
      void client.invalidateQueries({ queryKey: ["statements"] });
    },
    onError: (error, { tab: which, sql, from, at }) => {
      if (!(error instanceof ApiError)) throw error;
      changeTab(which, { asked: { id: null, sql, from, at, problem: error.problem } });
    },
  });

  /** Let the server forget an answer: a person keeps few. */
  const forget = (which: OpenQuery | undefined) => {
    const gone = which?.asked?.id;
    if (!gone) return;
    client.removeQueries({ queryKey: ["questions", gone] });
    void remove(gone);
  };
  const { asked } = tab;
  const isBeginning = beginning.isPending && beginning.variables.tab === tab.id;
  const isRunning = (isBeginning && !asked?.isStopped) || (id !== null && isOpen(question.data));
  const isFinished = question.data?.state === "finished";
  const seenAt = question.dataUpdatedAt;
  useEffect(() => {
    if (isFinished && asked && asked.elapsedS === undefined && seenAt >= asked.at) {
      changeTab(tab.id, { asked: { ...asked, elapsedS: (seenAt - asked.at) / 1000 } });
    }
  }, [isFinished, asked, seenAt, changeTab, tab.id]);
  return {
    isRunning,
    /** Since when it runs, as this browser's clock has it. */
    since: asked?.at,
    begin: (sql: string, from: number) => {
      forget(tab);
      beginning.mutate({ tab: tab.id, sql, from, at: Date.now() });
    },
    stop: () => {
      forget(tab);
      if (asked && isBeginning) stopped.current.add(asked.at);
      if (asked) changeTab(tab.id, { asked: { ...asked, id: null, isStopped: true } });
    },
    forget,
  };
}

export type Run = ReturnType<typeof useRun>;
