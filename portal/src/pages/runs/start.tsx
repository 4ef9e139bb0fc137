import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Play } from "lucide-react";
import { t } from "@/i18n/texts";
import { runLink } from "@/lib/links";
import { Button } from "@/ui/button";
import { startRun } from "./queries";

/** What runs a product now, and then shows the run; `Problem` shows why it did not begin. */
export function useStart(product: string) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => startRun(product),
    onSuccess: async (run) => {
      await queryClient.invalidateQueries({ queryKey: ["runs"] });
      await navigate({ to: runLink(run.id) });
    },
  });
}

export function StartButton({ start, again }: { start: ReturnType<typeof useStart>; again?: boolean }) {
  return (
    <Button kind="primary" onClick={() => start.mutate()} disabled={start.isPending}>
      <Play aria-hidden />
      {again ? t("runs.again") : t("runs.start")}
    </Button>
  );
}
