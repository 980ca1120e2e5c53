import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { NODE, run, workspace } from "../support/cli";
import { startProvider } from "../support/provider";
import { call, say } from "../support/providerReply";
import { forecastFigures, forecastTimes } from "./forecast";
import { benchImport } from "./import";
import { replayTimes } from "./replay";

declare const __TEST_ROOT__: string;

const PRICE = ["--price", "in=3,cacheRead=0.3,cacheWrite=3.75,out=15"];
const tokens = (text: string) => encode(text, { disallowedSpecial: new Set() }).length;

/** One line of the report: what, how much, and the goal. */
function report(name: string, value: string, goal: string): void {
  console.log(`| ${name} | ${value} | ${goal} |`);
}

function quantile(sample: readonly number[], share: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

const median = (sample: readonly number[]) => quantile(sample, 0.5);

/** Plain source text that takes `n` tokens in a serialised request, or a few less. */
function source(n: number): string {
  const line = (i: number) => `export const value${i} = compute(${i}, total${i % 7}, rate);\n`;
  let text = "";
  for (let i = 0; tokens(JSON.stringify(text + line(i))) <= n; i += 1) text += line(i);
  return text;
}

/** Thirty reads of 1,500-token files, reminders on; what the server saw of it, and the process's peak of memory. */
async function thirtyTurns() {
  const text = source(1_500);
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`src/file${i}.ts`, `${i}\n${text}`]));
  const server = await startProvider((_request, index) =>
    index < 30 ? call("read_file", { path: `src/file${index}.ts` }) : say("done"),
  );
  const rssFile = path.join(workspace(), "rss");
  const hook = path.join(workspace(), "hook.cjs");
  writeFileSync(
    hook,
    `process.on("exit",()=>require("fs").writeFileSync(${JSON.stringify(rssFile)},String(process.resourceUsage().maxRSS)))`,
  );
  const ended = await run(server.url, ["--policy", "fixed", "--max-turns", "40", "--max-usd", "5", ...PRICE], {
    folder: workspace(files),
    env: { NODE_OPTIONS: `--require ${hook}` },
  });
  if (ended.code !== 0) throw new Error(ended.stderr + ended.stdout.slice(-500));
  const gaps = server.requests.slice(1).map((request, i) => request.at - (server.finishedAt[i] ?? Number.NaN));
  const input = server.requests.reduce((sum, request) => sum + tokens(request.text), 0);
  await server.close();
  return { gaps, input, peakMb: Number(readFileSync(rssFile, "utf8")) / 1024 };
}

/** Milliseconds from starting the process to its first request, in a fresh home and store. */
async function coldStart(): Promise<number> {
  const server = await startProvider(() => say("ok"));
  const startedAt = performance.now();
  await run(server.url, ["--max-usd", "0.5", ...PRICE]);
  const ms = (server.requests[0]?.at ?? Number.NaN) - startedAt;
  await server.close();
  return ms;
}

/** `require` and `activate` of the built entry in a plain Node with a stub of vscode. */
function activation(): number[] {
  const script = path.join(__TEST_ROOT__, "out/scripts/bench/activate.cjs");
  return Array.from({ length: 21 }, () => Number(spawnSync(NODE, [script], { encoding: "utf8" }).stdout.trim()));
}

function kib(file: string): string {
  const full = path.join(__TEST_ROOT__, file);
  return existsSync(full) ? `${(statSync(full).size / 1024).toFixed(1)} KiB` : "not built";
}

/** Megabytes of logs that are imported when nobody says how many. */
const IMPORT_MB = 200;

async function reportImport(megabytes: number): Promise<void> {
  const { seconds, megabytesPerSecond, peakMb, secondSeconds, addedAgain, turns, ...bench } = await benchImport(megabytes);
  const what = `import of ${bench.megabytes.toFixed(0)} MB of Claude Code logs (${bench.runs} runs, ${turns} turns)`;
  report(`${what}: s, MB/s`, `${seconds.toFixed(1)}, ${megabytesPerSecond.toFixed(0)}`, "1 GB under 60 s");
  report("the same: peak memory, MB", peakMb.toFixed(0), "<= 300");
  report("a second import: s, runs added or replaced", `${secondSeconds.toFixed(1)}, ${addedAgain}`, "0 added");
}

/** Figures on the bundled recorded runs, or on those of another folder. */
async function reportForecast(folder?: string): Promise<void> {
  const shown = (value: number | null) => value?.toFixed(3) ?? "none";
  for (const { name, turns, usd, brier } of await forecastFigures(folder)) {
    const losses = [turns.p50, turns.p90, usd.p50, usd.p90].map(shown).join(" / ");
    report(`forecast on ${name}: loss as a share of conditional survival's, turns P50 / P90, dollars P50 / P90`, losses, "< 1");
    report("the same: P10-P90 holds, turns / dollars", `${shown(turns.coverage)} / ${shown(usd.coverage)}`, "0.75-0.85");
    report("the same: Brier score at 10 turns as a share of the hazard by turn's", shown(brier), "< 1");
  }
  const times = Array.from({ length: 3 }, forecastTimes);
  const of = (pick: (one: (typeof times)[number]) => number) => median(times.map(pick));
  report(
    `fit of ${times[0]?.runs} runs, ${times[0]?.turns} turns, median of 3 ms`,
    of((one) => one.fitMs).toFixed(0),
    "<= 2,000",
  );
  report(
    "one forecast, at turns not asked for before / asked for, median ms",
    `${of((one) => one.firstForecastMs).toFixed(2)} / ${of((one) => one.forecastMs).toFixed(2)}`,
    "<= 5",
  );
}

async function main(): Promise<void> {
  const { version } = process;
  console.log(
    `\nNode ${spawnSync(NODE, ["--version"], { encoding: "utf8" }).stdout.trim()} (harness ${version}), ${os.cpus().length} cores, ${os.platform()}\n`,
  );
  console.log("| figure | measured | goal |\n| --- | --- | --- |");
  if (process.argv[2] === "import") return reportImport(Number(process.argv[3] ?? IMPORT_MB));
  if (process.argv[2] === "forecast") return reportForecast(process.argv[3]);

  const first = await startProvider(() => say("ok"));
  await run(first.url, ["--max-usd", "0.5", ...PRICE]);
  report("first request, o200k tokens", String(tokens(first.requests[0]?.text ?? "")), "<= 1,250");
  await first.close();

  const sessions = [await thirtyTurns(), await thirtyTurns(), await thirtyTurns()];
  const gaps = sessions.flatMap((session) => session.gaps);
  report("30 turns of 1,500-token results: total input, tokens", String(sessions[0]?.input), "<= 780,000");
  report(
    "own time per turn, median / p95 ms (90 turns)",
    `${median(gaps).toFixed(1)} / ${quantile(gaps, 0.95).toFixed(1)}`,
    "<= 5 / 15",
  );
  report("peak memory of the 30-turn session, median of 3, MB", median(sessions.map((one) => one.peakMb)).toFixed(0), "<= 150");

  const starts: number[] = [];
  for (let i = 0; i < 9; i += 1) starts.push(await coldStart());
  report(
    "command line: start to first request, median of 9 (range) ms",
    `${median(starts).toFixed(0)} (${Math.min(...starts).toFixed(0)}-${Math.max(...starts).toFixed(0)})`,
    "<= 300",
  );

  const activations = activation();
  report(
    "require + activate, p50 / p95 of 21 ms",
    `${median(activations).toFixed(1)} / ${quantile(activations, 0.95).toFixed(1)}`,
    "<= 10 / 25",
  );
  await reportImport(IMPORT_MB);
  await reportForecast();
  const replays = Array.from({ length: 3 }, replayTimes);
  const { runs, turns, limits } = replays[0] ?? replayTimes();
  const of = (figure: "fixedMs" | "evidenceMs" | "fixedCurveMs" | "evidenceCurveMs") =>
    median(replays.map((times) => times[figure])).toFixed(0);
  report(
    `replay of ${runs} runs, ${turns} turns: fixed / on evidence, median of 3 ms`,
    `${of("fixedMs")} / ${of("evidenceMs")}`,
    "<= 2,000",
  );
  report(
    `the same at ${limits} limits, for a curve: fixed / on evidence, median of 3 ms`,
    `${of("fixedCurveMs")} / ${of("evidenceCurveMs")}`,
    "-",
  );
  report("entry file", kib("dist/extension.js"), "<= 30 KiB");
  report("page scripts, sidebar / history", `${kib("dist/webview/sidebar.js")} / ${kib("dist/webview/history.js")}`, "<= 60 KiB");
  report("package", kib("turnpike.vsix"), "<= 3 MB");
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
