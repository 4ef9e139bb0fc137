import { useEffect, useState } from "react";
import { formatExact, formatRelative } from "@/lib/format";

const MINUTE_MS = 60_000;

/** How long ago something was, kept current; the exact time is its title. */
export function Time({ at }: { at: Date | string }) {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={new Date(at).toISOString()} title={formatExact(at)} className="tnum whitespace-nowrap">
      {formatRelative(at, now)}
    </time>
  );
}
