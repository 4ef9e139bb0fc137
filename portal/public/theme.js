// Before the first paint, so that nobody sees the other theme flash; a file, since the pages run no inline script.
try {
  const theme = localStorage.getItem("theme") || "system";
  const isDark =
    theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", isDark);
  document.documentElement.lang = localStorage.getItem("language") || "en";
} catch {
  // Without storage the light theme is shown.
}
