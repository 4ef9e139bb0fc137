import { Fragment, type ReactNode } from "react";
import { type TextKey, template } from "@/i18n/texts";

/** A text with elements in its places: `<Text k="catalog.ask" parts={{ link: <Link …/> }} />`. */
export function Text({ k, parts }: { k: TextKey; parts: Record<string, ReactNode> }) {
  const pieces = template(k).split(/\{(\w+)\}/);
  return pieces.map((piece, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text keep their order
    <Fragment key={place}>{place % 2 ? (parts[piece] ?? piece) : piece}</Fragment>
  ));
}
