import { oneOf } from "@/lib/address";

export const LESSONS = ["contract", "sql"] as const;

/** What the address of the page to learn says: the lesson that is open. */
export const SEARCH = { lesson: oneOf(LESSONS) };
