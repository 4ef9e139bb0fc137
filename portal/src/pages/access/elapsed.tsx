import { useEffect, useState } from "react";
import { formatElapsed, formatExact } from "@/lib/format";

/** How long something has waited, to the second. */
export function Elapsed({ since }: { since: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={since} title={formatExact(since)} className="tnum whitespace-nowrap">
      {formatElapsed((now - Date.parse(since)) / 1000)}
    </time>
  );
}
