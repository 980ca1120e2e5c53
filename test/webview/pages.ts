import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { findBrowser } from "../../scripts/host/browser.mjs";
import type { Fixture } from "./fixtures";
import { THEME_CLASS, THEMES, type Theme, themeCss } from "./themes";

declare const __TEST_ROOT__: string;

/** The pages as VS Code would show them: the real bundles, its variables and defaults, and the strict policy. */
export interface Pages {
  /** Minified sizes by file name. */
  readonly sizes: ReadonlyMap<string, number>;
  open(fixture: Fixture, view?: View): Promise<OpenPage>;
  close(): Promise<void>;
}

export interface View {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  readonly font?: string;
}

export interface OpenPage {
  readonly page: Page;
  /** What the console said of errors and of the policy. */
  readonly complaints: readonly string[];
  /** What the page posted, oldest first. */
  posted(): Promise<readonly { readonly kind: string; readonly [key: string]: unknown }[]>;
  /** Sends a message to the page as the host would. */
  send(message: unknown): Promise<void>;
  close(): Promise<void>;
}

const NONCE = "0123456789abcdef";
const FONT = `"Inter", "Segoe UI", system-ui, sans-serif`;

export async function openPages(): Promise<Pages> {
  const files = await bundle();
  const server = await serve(files);
  const browser = await launch();
  const { port } = addressOf(server);
  return {
    sizes: new Map([...files].map(([name, text]) => [name, Buffer.byteLength(text)])),
    open: (fixture, view = {}) => openFixture(browser, `http://127.0.0.1:${port}`, fixture, view),
    async close() {
      await browser.close();
      await new Promise((done) => server.close(done));
    },
  };
}

async function bundle(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    absWorkingDir: __TEST_ROOT__,
    entryPoints: { sidebar: "src/webview/sidebar/main.tsx", history: "src/webview/history/main.tsx" },
    outdir: "out",
    write: false,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    tsconfig: "src/webview/tsconfig.json",
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "warning",
  });
  return new Map(outputFiles.map((file) => [path.basename(file.path), file.text]));
}

async function launch(): Promise<Browser> {
  const { executablePath, args, env } = await findBrowser();
  return chromium.launch({ executablePath, args, env, headless: true });
}

async function serve(files: ReadonlyMap<string, string>): Promise<Server> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const name = url.pathname.slice(1);
    const send = (type: string, text: string) => response.writeHead(200, { "content-type": type }).end(text);
    const of = (key: string) => url.searchParams.get(key) ?? "";
    const page = of("page") === "history" ? "history" : "sidebar";
    const theme = themeOf(of("theme"));
    const file = files.get(name);
    if (name === "page.html") send("text/html; charset=utf-8", html(page, theme, of("font")));
    else if (name === "theme.css") send("text/css", themeCss(theme, page, of("font")));
    else if (file !== undefined) send(name.endsWith(".css") ? "text/css" : "text/javascript", file);
    else response.writeHead(name === "favicon.ico" ? 204 : 404).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return server;
}

function themeOf(text: string): Theme {
  return THEMES.find((theme) => theme === text) ?? "dark";
}

/** As `src/host/webviewHtml.ts` writes it; the theme comes as a file, since the policy allows no inline style. */
function html(page: string, theme: Theme, font: string): string {
  const policy = `default-src 'none'; img-src 'self'; font-src 'self'; style-src 'self'; script-src 'nonce-${NONCE}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html><html lang="en"><head><meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="theme.css?page=${page}&theme=${theme}&font=${encodeURIComponent(font)}">
<link rel="stylesheet" href="${page}.css"><title>Turnpike</title></head>
<body class="${THEME_CLASS[theme]}" data-page="${page}"><main id="root"></main>
<script nonce="${NONCE}" src="${page}.js"></script></body></html>`;
}

async function openFixture(browser: Browser, base: string, fixture: Fixture, view: View): Promise<OpenPage> {
  const { theme = "dark", width = 340, height = 900, font = FONT } = view;
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: 2, reducedMotion: "reduce" });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.addInitScript(hostStub, { fixture });
  await page.goto(`${base}/page.html?page=${fixture.page}&theme=${theme}&font=${encodeURIComponent(font)}`);
  await page.waitForSelector(".page:not([aria-busy])");
  return {
    page,
    complaints,
    posted: () => page.evaluate("window.posted"),
    send: (message) => page.evaluate(`window.postMessage(${JSON.stringify(message)}, "*")`),
    close: () => context.close(),
  };
}

/** Runs in the page before anything else: VS Code's side of the wire. */
function hostStub({ fixture }: { readonly fixture: Fixture }): void {
  const posted: { kind: string; turn?: number }[] = [];
  const page: { [key: string]: unknown } = Object(globalThis);
  const send = (message: unknown) => Reflect.apply(Reflect.get(globalThis, "postMessage"), globalThis, [message, "*"]);
  const kept = Reflect.get(globalThis, "sessionStorage");
  page.posted = posted;
  page.acquireVsCodeApi = () => ({
    postMessage(message: { kind: string; turn?: number }) {
      posted.push(message);
      if (message.kind === "ready") send({ kind: "model", model: fixture.model });
      const detail = message.kind === "detail" ? fixture.details.find(({ turn }) => turn === message.turn) : undefined;
      if (detail) send({ kind: "detail", detail });
    },
    getState() {
      const text: string | null = kept.getItem("state");
      const first = { draft: fixture.draft, opened: { runId: fixture.runId, turns: fixture.opened } };
      return text === null ? first : JSON.parse(text);
    },
    setState: (state: unknown) => kept.setItem("state", JSON.stringify(state)),
  });
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address;
}
