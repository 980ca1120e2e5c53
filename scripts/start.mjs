// `npm start`: Turnpike in a real VS Code on a copy of a sample project, from nothing to an address to open.
//
//   npm start                    the editor host from npm, in your browser
//   npm start -- --desktop       the VS Code installed here (`code` on the PATH)
//   npm start -- --port 9000     another port than 8423
//   npm start -- --fresh         forget the earlier workspace, settings and history first
//
// With OPENAI_API_KEY set (OPENAI_BASE_URL too, if you like) it talks to a real model; otherwise to a scripted one here.
import { rmSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { installExtension, startCodeServer } from "./host/codeServer.mjs";
import { findCode, startDesktop } from "./host/desktop.mjs";
import { prepareSettings, prepareWorkspace } from "./host/devProject.mjs";
import { ensureDevTools } from "./host/devTools.mjs";
import { repoRoot } from "./host/paths.mjs";
import { freePort, runOrThrow, say } from "./host/processes.mjs";
import { ensureHost } from "./host/setup.mjs";

/** Always the same if it is free: the browser keeps the API key per address. */
const USUAL_PORT = 8423;
const USAGE = "usage: npm start [-- [--desktop] [--port N] [--fresh]]";

const devDir = path.join(repoRoot, ".turnpike-dev");
const workspace = path.join(devDir, "workspace");
const vsix = path.join(repoRoot, "turnpike.vsix");

class WrongUse extends Error {}

function readFlags(args) {
  const flags = { desktop: { type: "boolean" }, port: { type: "string" }, fresh: { type: "boolean" }, help: { type: "boolean" } };
  let values;
  try {
    ({ values } = parseArgs({ args, options: flags, allowPositionals: false }));
  } catch (error) {
    throw new WrongUse(error.message.split(". ")[0]);
  }
  const { desktop = false, fresh = false, help = false, port } = values;
  if (desktop && port !== undefined) throw new WrongUse("--port has no meaning with --desktop");
  if (port !== undefined && !(/^\d+$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
    throw new WrongUse(`--port must be a number from 1 to 65535, not "${port}"`);
  }
  return { desktop, fresh, help, port: port === undefined ? undefined : Number(port) };
}

async function runScript(name, doing) {
  say(`${doing} ...`);
  await runOrThrow(process.execPath, [path.join(repoRoot, "scripts", name)], { cwd: repoRoot, timeoutMs: 300_000 });
}

/** The scripted model, from the build. */
async function startDemo() {
  const built = await import(pathToFileURL(path.join(repoRoot, "dist/demoModel.js")).href);
  const start = built.startDemoServer ?? built.default?.startDemoServer;
  if (typeof start !== "function") throw new Error("dist/demoModel.js exports no startDemoServer");
  return start();
}

/** The real model's address must not leak into a demo session, nor the other way round. */
const modelEnv = (usesDemo) => (usesDemo ? { OPENAI_BASE_URL: undefined } : {});

async function openEditor({ desktop, port }, env) {
  const name = desktop ? "desktop" : "code-server";
  const dirs = { userDataDir: path.join(devDir, name, "user-data"), extensionsDir: path.join(devDir, name, "extensions") };
  const settle = (demoUrl) => prepareSettings(dirs.userDataDir, demoUrl);
  if (desktop) {
    const code = findCode();
    return { settle, open: () => startDesktop(code, { ...dirs, vsix, folder: workspace, env }) };
  }
  const host = await ensureHost();
  const open = async () => {
    say("starting VS Code ...");
    await installExtension(host, vsix, dirs);
    const usual = await freePort(USUAL_PORT).catch(() => freePort());
    const server = await startCodeServer(host, { ...dirs, settings: null, env, port: port ?? usual });
    return { ...server, address: server.urlFor(workspace), vscodeVersion: host.vscodeVersion };
  };
  return { settle, open };
}

function announce({ address, vscodeVersion }, usesDemo) {
  const model = usesDemo
    ? "the demo model, scripted and free; set OPENAI_API_KEY to use a real one"
    : `the one set in Turnpike's settings, at ${process.env.OPENAI_BASE_URL ?? "OpenAI"}, with your OPENAI_API_KEY`;
  const where = address ? `Turnpike runs in VS Code ${vscodeVersion}. Open:\n\n    ${address}` : "Turnpike runs in your VS Code.";
  console.log(`\n${where}\n\n  model      ${model}`);
  console.log(`  workspace  ${path.relative(process.cwd(), workspace) || "."} (kept between runs; --fresh starts over)`);
  console.log("  stop       Ctrl-C\n");
}

const signalled = () =>
  new Promise((resolve) => {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(name, () => resolve("signal"));
  });

async function main() {
  const flags = readFlags(process.argv.slice(2));
  if (flags.help) return console.log(USAGE);
  if (flags.port !== undefined) await freePort(flags.port);
  const usesDemo = !process.env.OPENAI_API_KEY;
  if (usesDemo && process.env.OPENAI_BASE_URL)
    say("OPENAI_BASE_URL is set without OPENAI_API_KEY: it is ignored, the demo model is used");
  if (flags.fresh) rmSync(devDir, { recursive: true, force: true });
  const editor = await openEditor(flags, modelEnv(usesDemo));
  await ensureDevTools();
  await runScript("package.mjs", "building and packaging");
  await prepareWorkspace(path.join(repoRoot, "samples/invoice"), workspace);
  const demo = usesDemo ? await startDemo() : undefined;
  try {
    editor.settle(demo?.url);
    const running = await editor.open();
    announce(running, usesDemo);
    const end = await Promise.race([signalled(), running.exited]);
    if (end === "signal") say("stopping ...");
    else if (!flags.desktop) throw new Error(`VS Code's server ended by itself:\n${running.log().slice(-2000)}`);
    await running.stop();
  } finally {
    await demo?.close();
  }
}

try {
  await main();
  process.exit(process.exitCode ?? 0);
} catch (error) {
  console.error(`error: ${error.message}`);
  if (error instanceof WrongUse) console.error(USAGE);
  process.exit(error instanceof WrongUse ? 2 : 1);
}
