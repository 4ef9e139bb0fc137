import { Badge } from "@/ui/badge";

/** What a column is about, and how far its values may go. */
export function Marks({
  column: { classification, tags },
}: {
  column: { classification: string | null; tags: readonly string[] };
}) {
  return (
    <span className="flex flex-wrap gap-1">
      {classification ? <Badge>{classification}</Badge> : null}
      {tags.map((tag) => (
        <Badge key={tag} tone="info">
          {tag}
        </Badge>
      ))}
    </span>
  );
}
