/** Colours as VS Code hands them to a page: what the pages use, from the themes that come with it. */

export const THEMES = ["dark", "light", "hc-dark", "hc-light"] as const;
export type Theme = (typeof THEMES)[number];

/** The class that VS Code gives to the body. */
export const THEME_CLASS: { readonly [theme in Theme]: string } = {
  dark: "vscode-dark",
  light: "vscode-light",
  "hc-dark": "vscode-high-contrast",
  "hc-light": "vscode-high-contrast-light vscode-high-contrast",
};

type Colors = { readonly [name: string]: string };

const DARK_MODERN: Colors = {
  foreground: "#cccccc",
  descriptionForeground: "#9d9d9d",
  focusBorder: "#0078d4",
  "sideBar-background": "#181818",
  "editor-background": "#1f1f1f",
  "editor-foreground": "#cccccc",
  "input-background": "#313131",
  "input-border": "#3c3c3c",
  "input-foreground": "#cccccc",
  "input-placeholderForeground": "#989898",
  "dropdown-background": "#313131",
  "dropdown-foreground": "#cccccc",
  "button-background": "#0078d4",
  "button-foreground": "#ffffff",
  "button-hoverBackground": "#026ec1",
  "button-secondaryBackground": "#313131",
  "button-secondaryForeground": "#cccccc",
  "button-secondaryHoverBackground": "#3c3c3c",
  "button-border": "#ffffff12",
  "list-hoverBackground": "#2a2d2e",
  "textLink-foreground": "#4daafc",
  "textPreformat-foreground": "#d0d0d0",
  "textPreformat-background": "#3c3c3c",
  "diffEditor-insertedTextBackground": "#9ccc2c33",
  "diffEditor-removedTextBackground": "#ff000033",
  "inputValidation-errorBorder": "#be1100",
  "scrollbarSlider-background": "#79797966",
  "charts-foreground": "#cccccc",
  "charts-lines": "#cccccc80",
  "charts-red": "#f14c4c",
  "charts-blue": "#3794ff",
  "charts-yellow": "#cca700",
  "charts-orange": "#d18616",
  "charts-green": "#89d185",
  "charts-purple": "#b180d7",
};

const LIGHT_MODERN: Colors = {
  ...DARK_MODERN,
  foreground: "#3b3b3b",
  descriptionForeground: "#3b3b3b",
  focusBorder: "#005fb8",
  "sideBar-background": "#f8f8f8",
  "editor-background": "#ffffff",
  "editor-foreground": "#3b3b3b",
  "input-background": "#ffffff",
  "input-border": "#cecece",
  "input-foreground": "#3b3b3b",
  "input-placeholderForeground": "#767676",
  "dropdown-background": "#ffffff",
  "dropdown-foreground": "#3b3b3b",
  "button-background": "#005fb8",
  "button-hoverBackground": "#0258a8",
  "button-secondaryBackground": "#e5e5e5",
  "button-secondaryForeground": "#3b3b3b",
  "button-secondaryHoverBackground": "#cccccc",
  "button-border": "#0000001a",
  "list-hoverBackground": "#f2f2f2",
  "textLink-foreground": "#005fb8",
  "textPreformat-foreground": "#3b3b3b",
  "textPreformat-background": "#0000001f",
  "scrollbarSlider-background": "#64646466",
  "charts-foreground": "#3b3b3b",
  "charts-lines": "#3b3b3b80",
  "charts-red": "#e51400",
  "charts-blue": "#1a85ff",
  "charts-yellow": "#bf8803",
  "charts-green": "#388a34",
  "charts-purple": "#652d90",
};

const HIGH_CONTRAST: Colors = {
  foreground: "#ffffff",
  descriptionForeground: "#ffffffb3",
  contrastBorder: "#6fc3df",
  contrastActiveBorder: "#f38518",
  focusBorder: "#f38518",
  "sideBar-background": "#000000",
  "editor-background": "#000000",
  "editor-foreground": "#ffffff",
  "input-background": "#000000",
  "input-border": "#6fc3df",
  "input-foreground": "#ffffff",
  "input-placeholderForeground": "#ffffffb3",
  "dropdown-background": "#000000",
  "dropdown-foreground": "#ffffff",
  "button-background": "#000000",
  "button-foreground": "#ffffff",
  "button-secondaryForeground": "#ffffff",
  "button-border": "#6fc3df",
  "textLink-foreground": "#21a6ff",
  "textPreformat-foreground": "#000000",
  "textPreformat-background": "#ffffff",
  "inputValidation-errorBorder": "#be1100",
  "scrollbarSlider-background": "#6fc3df99",
  "charts-foreground": "#ffffff",
  "charts-lines": "#ffffff80",
  "charts-red": "#f48771",
  "charts-blue": "#3794ff",
  "charts-yellow": "#ffd370",
  "charts-orange": "#d18616",
  "charts-green": "#89d185",
  "charts-purple": "#b180d7",
};

const HIGH_CONTRAST_LIGHT: Colors = {
  ...HIGH_CONTRAST,
  foreground: "#292929",
  descriptionForeground: "#292929b3",
  contrastBorder: "#0f4a85",
  focusBorder: "#006bbd",
  "sideBar-background": "#ffffff",
  "editor-background": "#ffffff",
  "editor-foreground": "#292929",
  "input-background": "#ffffff",
  "input-border": "#0f4a85",
  "input-foreground": "#292929",
  "input-placeholderForeground": "#292929b3",
  "dropdown-background": "#ffffff",
  "dropdown-foreground": "#292929",
  "button-background": "#0f4a85",
  "button-foreground": "#ffffff",
  "button-secondaryForeground": "#292929",
  "button-border": "#0f4a85",
  "textLink-foreground": "#0f4a85",
  "textPreformat-foreground": "#ffffff",
  "textPreformat-background": "#09345f",
  "charts-red": "#b5200d",
  "charts-blue": "#1a85ff",
  "charts-yellow": "#895503",
  "charts-green": "#374e06",
  "charts-purple": "#652d90",
};

const COLORS: { readonly [theme in Theme]: Colors } = {
  dark: DARK_MODERN,
  light: LIGHT_MODERN,
  "hc-dark": HIGH_CONTRAST,
  "hc-light": HIGH_CONTRAST_LIGHT,
};

/** What VS Code puts into every page before our own style: the variables, and its defaults that must be undone. */
export function themeCss(theme: Theme, page: "sidebar" | "history", font: string): string {
  const variables = Object.entries({
    ...COLORS[theme],
    "font-family": font,
    "font-size": "13px",
    "font-weight": "normal",
    "editor-font-family": `"JetBrains Mono", "DejaVu Sans Mono", monospace`,
    "editor-font-size": "14px",
  }).map(([name, value]) => `--vscode-${name}: ${value};`);
  const background = page === "sidebar" ? "sideBar" : "editor";
  return `html { ${variables.join(" ")} scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-${background}-background); }
html { background: var(--vscode-${background}-background); }
body { overscroll-behavior-x: none; background-color: transparent; color: var(--vscode-editor-foreground);
  font-family: var(--vscode-font-family); font-weight: var(--vscode-font-weight); font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }
img, video { max-width: 100%; max-height: 100%; }
a, a code { color: var(--vscode-textLink-foreground); }
code { font-family: var(--vscode-editor-font-family); color: var(--vscode-textPreformat-foreground);
  background-color: var(--vscode-textPreformat-background); padding: 1px 3px; border-radius: 4px; }
pre code { padding: 0; }
a:focus, input:focus, select:focus, textarea:focus { outline: 1px solid -webkit-focus-ring-color; outline-offset: -1px; }`;
}
