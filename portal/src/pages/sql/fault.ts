import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { SqlFault } from "@/ui/editor/sql";
import type { Asked } from "./open";
import { questionQuery } from "./queries";
import { offsetOf, placed } from "./words";

/** Where the editor marks what is wrong with the text that was asked; null where nothing is, or nobody knows where. */
export function useFault(asked: Asked | undefined): SqlFault | null {
  const id = asked?.id ?? null;
  const question = useQuery({ ...questionQuery(id ?? ""), enabled: id !== null });
  const detail = asked?.problem?.detail ?? question.data?.error?.message;
  const [sql, from] = [asked?.sql ?? "", asked?.from ?? 0];
  return useMemo(() => {
    const place = detail ? placed(detail) : null;
    if (!place) return null;
    return { from: from + offsetOf(sql, place.line, place.column), message: place.message };
  }, [detail, sql, from]);
}
