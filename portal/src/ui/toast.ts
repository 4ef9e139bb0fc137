/** Say that something was done, for a moment; what has to be read stands in the page. */
export async function say(text: string): Promise<void> {
  const { toast } = await import("sonner");
  toast(text);
}
