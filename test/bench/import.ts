import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { cli } from "../support/cli";

/** What an import of generated Claude Code logs took, as a process of its own, and what a second one adds. */
export interface ImportBench {
  readonly megabytes: number;
  readonly seconds: number;
  readonly megabytesPerSecond: number;
  /** Most memory the process had, whatever for. */
  readonly peakMb: number;
  readonly secondSeconds: number;
  /** Runs that a second import added or replaced: none, if all is well. */
  readonly addedAgain: number;
  readonly runs: number;
  readonly turns: number;
}

/** Sessions of about the shape of real ones: answers in up to three lines, results of 2 to 40 kB, a resumed copy now and then. */
export async function benchImport(megabytes: number): Promise<ImportBench> {
  const home = mkdtempSync(path.join(os.tmpdir(), "turnpike-bench-"));
  try {
    const bytes = await generate(path.join(home, ".claude/projects"), megabytes * 1e6);
    const store = ["--store", path.join(home, "turnpike.db"), "--json"];
    const first = await measured(home, ["import", "claude-code", ...store]);
    const second = await measured(home, ["import", "claude-code", ...store]);
    const [spend] = first.report.spend;
    return {
      megabytes: bytes / 1e6,
      seconds: first.ms / 1000,
      megabytesPerSecond: bytes / 1e3 / first.ms,
      peakMb: first.peakMb,
      secondSeconds: second.ms / 1000,
      addedAgain: second.report.added + second.report.replaced,
      runs: spend?.runs ?? 0,
      turns: spend?.turns ?? 0,
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

interface Report {
  readonly added: number;
  readonly replaced: number;
  readonly spend: readonly { readonly runs: number; readonly turns: number }[];
}

async function measured(home: string, args: readonly string[]) {
  const rssFile = path.join(home, "rss");
  const hook = path.join(home, "hook.cjs");
  const save = `require("fs").writeFileSync(${JSON.stringify(rssFile)},String(process.resourceUsage().maxRSS))`;
  writeFileSync(hook, `process.on("exit",()=>${save})`);
  const { code, stdout, stderr, ms } = await cli(args, { env: { HOME: home, NODE_OPTIONS: `--require ${hook}` } });
  if (code !== 0) throw new Error(stderr);
  const report: Report = JSON.parse(stdout);
  return { report, ms, peakMb: Number(readFileSync(rssFile, "utf8")) / 1024 };
}

/** The same logs at every run. Returns the bytes written. */
async function generate(folder: string, bytes: number): Promise<number> {
  const random = seeded(7);
  let written = 0;
  for (let session = 0; written < bytes; session += 1) {
    const project = path.join(folder, `-work-project${session % 12}`);
    mkdirSync(project, { recursive: true });
    const lines = sessionLines(session, 20 + Math.floor(random() * 120), random);
    const file = path.join(project, `${String(session).padStart(8, "0")}-0000-4000-8000-000000000000.jsonl`);
    const text = `${lines.join("\n")}\n`;
    await appendFile(file, text);
    written += Buffer.byteLength(text);
    if (session % 10 === 9) {
      const copy = `${[...lines.slice(0, lines.length / 2), ...sessionLines(session + 0.5, 5, random)].join("\n")}\n`;
      await appendFile(file.replace("-0000-4000", "-0001-4000"), copy);
      written += Buffer.byteLength(copy);
    }
  }
  return written;
}

function sessionLines(session: number, calls: number, random: () => number): string[] {
  const base = {
    isSidechain: false,
    userType: "external",
    cwd: `/work/project${session % 12}`,
    sessionId: `s${session}`,
    version: "2.0.1",
  };
  const start = Date.UTC(2026, 0, 1) + session * 3_600_000;
  const lines = [
    JSON.stringify({
      ...base,
      type: "user",
      message: { role: "user", content: `Task ${session}` },
      timestamp: new Date(start).toISOString(),
    }),
  ];
  let cached = 15_000;
  for (let call = 0; call < calls; call += 1) {
    const timestamp = new Date(start + call * 20_000).toISOString();
    const result = filler(2_000 + Math.floor(random() ** 2 * 38_000), random);
    const usage = {
      ...{ input_tokens: 5, cache_creation_input_tokens: Math.ceil(result.length / 4), cache_read_input_tokens: cached },
      cache_creation: { ephemeral_5m_input_tokens: Math.ceil(result.length / 4), ephemeral_1h_input_tokens: 0 },
    };
    cached += Math.ceil(result.length / 4);
    const id = `toolu_${session}_${call}`;
    const blocks = [
      { type: "thinking", thinking: filler(400, random), signature: filler(600, random) },
      { type: "text", text: filler(200, random) },
      {
        type: "tool_use",
        id,
        name: ["Read", "Bash", "Edit", "Grep"][call % 4],
        input: { file_path: "/work/a.ts", command: "npm test" },
      },
    ];
    for (const [index, block] of blocks.entries()) {
      const output = index === blocks.length - 1 ? 350 : 3;
      const message = { id: `msg_${session}_${call}`, type: "message", role: "assistant", model: "claude-sonnet-4-5-20250929" };
      const whole = { ...message, content: [block], stop_reason: null, usage: { ...usage, output_tokens: output } };
      lines.push(JSON.stringify({ ...base, type: "assistant", message: whole, requestId: `req_${session}_${call}`, timestamp }));
    }
    const content = [{ tool_use_id: id, type: "tool_result", content: result, is_error: call % 9 === 0 }];
    lines.push(
      JSON.stringify({ ...base, type: "user", message: { role: "user", content }, timestamp, toolUseResult: { stdout: result } }),
    );
  }
  return lines;
}

const WORDS =
  'const value return function import export total invoice rows price await result error test describe\n\t"quoted"'.split(" ");

function filler(chars: number, random: () => number): string {
  let text = "";
  while (text.length < chars) text += `${WORDS[Math.floor(random() * WORDS.length)]} `;
  return text;
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
