import "@/styles.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient, router } from "@/app/router";
import { followSystemTheme } from "@/app/theme";
import { language, loadShellTexts } from "@/i18n/texts";

document.documentElement.lang = language;
followSystemTheme();
const root = document.getElementById("root");
if (root) {
  await loadShellTexts();
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
