import { signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";
const KEY = "knight-vision-theme";

export const theme = signal<Theme>((localStorage.getItem(KEY) as Theme | null) ?? "system");

theme.subscribe((chosen) => {
  const root = document.documentElement;
  if (chosen === "system") delete root.dataset.theme;
  else root.dataset.theme = chosen;
  localStorage.setItem(KEY, chosen);
  document.dispatchEvent(new Event("themechange"));
});

/** The other look than the present one. */
export function toggleTheme(): void {
  const isDark = theme.value === "system" ? matchMedia("(prefers-color-scheme: dark)").matches : theme.value === "dark";
  theme.value = isDark ? "light" : "dark";
}
