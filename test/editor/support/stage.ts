import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { installExtension, startCodeServer } from "../../../scripts/host/codeServer.mjs";
import { prepareWorkspace } from "../../../scripts/host/devProject.mjs";
import { ensureHost } from "../../../scripts/host/setup.mjs";
import { launchBrowser, type Workbench } from "./workbench.mjs";

declare const __TEST_ROOT__: string;

export interface Stage {
  readonly bench: Workbench;
  /** The copy of the sample project that is open. */
  readonly folder: string;
  readonly store: string;
  readonly demoUrl: string;
  /** Reads the whole output channel from disk. */
  log(): string;
  shot(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Pictures of what the tests saw; `TURNPIKE_SHOTS` names another folder. */
export const SHOTS = process.env.TURNPIKE_SHOTS ?? path.join(__TEST_ROOT__, "out/shots");

export interface StageOptions {
  readonly settings?: { readonly [name: string]: unknown };
  readonly workspaceTrust?: boolean;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Milliseconds between the demo's words. */
  readonly delayMs?: number;
  readonly scale?: number;
}

/** The packaged extension in a real editor, on a copy of the sample project, with the demo model behind it. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const root = mkdtempSync(path.join(os.tmpdir(), "turnpike-stage-"));
  const folder = path.join(root, "invoice");
  const dirs = { userDataDir: path.join(root, "user"), extensionsDir: path.join(root, "extensions") };
  for (const dir of Object.values(dirs)) mkdirSync(dir, { recursive: true });
  await prepareWorkspace(path.join(__TEST_ROOT__, "samples/invoice"), folder);

  const { startDemoServer } = createRequire(path.join(__TEST_ROOT__, "package.json"))("./dist/demoModel.js");
  const demo = await startDemoServer({ delayMs: options.delayMs ?? 1 });
  const host = await ensureHost();
  await installExtension(host, path.join(__TEST_ROOT__, "turnpike.vsix"), dirs);
  const store = path.join(root, "turnpike.db");
  const settings = {
    "turnpike.baseUrl": demo.url,
    "turnpike.model": "turnpike-demo",
    "turnpike.store": store,
    ...options.settings,
  };
  const server = await startCodeServer(host, {
    ...dirs,
    settings,
    env: { npm_config_loglevel: "error" },
    ...(options.workspaceTrust ? { workspaceTrust: true } : {}),
  });
  const browser = await launchBrowser({ viewport: options.viewport ?? { width: 1280, height: 900 }, scale: options.scale ?? 1 });
  const bench = await browser.open(server.urlFor(folder));
  mkdirSync(SHOTS, { recursive: true });
  return {
    bench,
    folder,
    store,
    demoUrl: demo.url,
    log: () => server.outputChannel("Turnpike"),
    shot: (name) => bench.screenshot(path.join(SHOTS, `${name}.png`)),
    async close() {
      await browser.close();
      await server.stop();
      await demo.close();
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
