export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const system = matchMedia("(prefers-color-scheme: dark)");

export function currentTheme(): Theme {
  return THEMES.find((theme) => theme === localStorage.getItem("theme")) ?? "system";
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem("theme", theme);
  show();
}

/** Change with the system while nobody chose otherwise; theme.js did so before the first paint. */
export function followSystemTheme(): void {
  system.addEventListener("change", show);
}

function show(): void {
  const theme = currentTheme();
  const isDark = theme === "dark" || (theme === "system" && system.matches);
  document.documentElement.classList.toggle("dark", isDark);
  // For what is drawn on a canvas and does not follow the tokens by itself.
  window.dispatchEvent(new Event("themechange"));
}
