import { type ClassValue, clsx } from "clsx";

/** Put class names together. Of two that exclude each other, mark the one that shall hold: `w-auto!`. */
export function classes(...given: ClassValue[]): string {
  return clsx(given);
}
