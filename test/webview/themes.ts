import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import COLORS from "./themes.json";

/**
 * Colours as VS Code 1.139 hands them to a page, read from a real editor: of the themes that come with it, those that
 * our style sheets use. A colour that a theme does not have is absent here as it is there.
 */
export const THEMES = ["dark", "light", "dark-2026", "light-2026", "hc-dark", "hc-light"] as const;
export type Theme = (typeof THEMES)[number];

/** The class that VS Code gives to the body. */
export const THEME_CLASS: { readonly [theme in Theme]: string } = {
  dark: "vscode-dark",
  light: "vscode-light",
  "dark-2026": "vscode-dark",
  "light-2026": "vscode-light",
  "hc-dark": "vscode-high-contrast",
  "hc-light": "vscode-high-contrast-light vscode-high-contrast",
};

export function colorsOf(theme: Theme): ReadonlyMap<string, string> {
  return new Map(Object.entries(COLORS[theme]));
}

/** Colours that a style sheet uses with nothing to fall back on. */
export function neededColors(root: string): ReadonlySet<string> {
  const folder = path.join(root, "src/webview");
  const sheets = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".css"));
  const text = sheets.map((file) => readFileSync(path.join(folder, file), "utf8")).join("\n");
  const names = [...text.matchAll(/var\(--vscode-([\w-]+)\)/g)].map((match) => match[1] ?? "");
  return new Set(names.filter((name) => !name.includes("font")));
}

/** What VS Code puts into every page before our own style: the variables, and its defaults that must be undone. */
export function themeCss(theme: Theme, page: "sidebar" | "history", font: string): string {
  const variables = [
    ...colorsOf(theme),
    ["font-family", font],
    ["font-size", "13px"],
    ["font-weight", "normal"],
    ["editor-font-family", `"JetBrains Mono", "DejaVu Sans Mono", monospace`],
  ].map(([name, value]) => `--vscode-${name}: ${value};`);
  return `html { ${variables.join(" ")} background: var(--vscode-${page === "sidebar" ? "sideBar" : "editor"}-background); }
@layer vscode-default {
  html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
  body { overscroll-behavior-x: none; background-color: transparent; color: var(--vscode-editor-foreground);
    font-family: var(--vscode-font-family); font-weight: var(--vscode-font-weight); font-size: var(--vscode-font-size);
    margin: 0; padding: 0 20px; }
  a:focus, input:focus, select:focus, textarea:focus { outline: 1px solid -webkit-focus-ring-color; outline-offset: -1px; }
  code { font-family: monospace; color: var(--vscode-textPreformat-foreground); background-color: var(--vscode-textPreformat-background);
    padding: 1px 3px; border-radius: 4px; }
  pre code { padding: 0; }
}`;
}
