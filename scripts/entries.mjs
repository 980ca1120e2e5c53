// What the product is built of and into: read by the build, which fails when one is missing, and by the package check.
import path from "node:path";

/** Output name -> source, from `src`. */
export const NODE_ENTRIES = {
  extension: "extension.ts",
  window: "host/window.ts",
  engine: "engine.ts",
  cli: "cli.ts",
  demoModel: "adapters/demoModel.ts",
  importHistory: "adapters/importHistory.ts",
  tokenizerWorker: "adapters/tokenizerWorker.ts",
};

/** Packages that are loaded late: name -> output name. */
export const LAZY_PACKAGES = {
  openai: "openai",
  "@pydantic/genai-prices": "genaiPrices",
};

/** Each is `src/webview/<page>/main.tsx` with the styles it imports. */
export const WEBVIEW_PAGES = ["sidebar", "history"];

/** From the package `tiktoken`. */
export const TOKENIZER_FILES = ["lite/tiktoken_bg.wasm", "encoders/o200k_base.json", "encoders/cl100k_base.json"];

export const NOTICES = "THIRD_PARTY_NOTICES.txt";

/** Every file of a whole build, from `dist`, sorted. */
export const OUTPUTS = [
  ...[...Object.keys(NODE_ENTRIES), ...Object.values(LAZY_PACKAGES)].map((name) => `${name}.js`),
  ...WEBVIEW_PAGES.flatMap((page) => [`webview/${page}.js`, `webview/${page}.css`]),
  ...TOKENIZER_FILES.map((file) => path.posix.basename(file)),
  NOTICES,
].sort();
