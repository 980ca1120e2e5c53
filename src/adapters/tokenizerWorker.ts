/**
 * Thread that counts tokens with tiktoken, so that building the tables (0.15 to 0.5 s) and counting large texts never
 * hold up an editor. The wasm and the ranks are files in `assetsDir`, read on start: `tiktoken_bg.wasm`,
 * `<encoding>.json`. If anything fails on start, the thread dies and its owner goes on with bounds.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { init, Tiktoken } from "tiktoken/lite/init";
import * as v from "valibot";
import { CountRequest, type WorkerReply, WorkerStart } from "./tokenizerWorkerMessages";
import { piecesOf } from "./tokenizerWorkerRuns";

/** The part used of what Node has but its types lack. */
declare const WebAssembly: { instantiate(bytes: Uint8Array, imports: unknown): Promise<never> };

const Ranks = v.object({ bpe_ranks: v.string(), special_tokens: v.record(v.string(), v.number()), pat_str: v.string() });

void serve(v.parse(WorkerStart, workerData));

async function serve(start: WorkerStart): Promise<void> {
  if (start.lean) spareMemory();
  const wasm = readFileSync(path.join(start.assetsDir, "tiktoken_bg.wasm"));
  await init((imports) => WebAssembly.instantiate(wasm, imports));
  const encoder = buildEncoder(path.join(start.assetsDir, `${start.encoding}.json`));
  parentPort?.on("message", (message: unknown) => {
    const { id, texts } = v.parse(CountRequest, message);
    reply({ kind: "counted", id, counts: texts.map((text) => countTokens(encoder, text)) });
  });
  reply({ kind: "ready" });
}

/** The text of the ranks is garbage as soon as this returns; the tables live in the wasm's memory (26 MB for o200k). */
function buildEncoder(file: string): Tiktoken {
  const ranks = v.parse(Ranks, JSON.parse(readFileSync(file, "utf8")));
  return new Tiktoken(ranks.bpe_ranks, ranks.special_tokens, ranks.pat_str);
}

/** `encode_ordinary` takes `<|endoftext|>` and the like as plain text, where `encode` throws. A trap counts as bytes. */
function countTokens(encoder: Tiktoken, text: string): number {
  try {
    return piecesOf(text).reduce((tokens, piece) => tokens + encoder.encode_ordinary(piece).length, 0);
  } catch {
    return Buffer.byteLength(text);
  }
}

/**
 * Keeps V8 from optimising the one-time building of the tables: one function of 92 kB takes 19 MB of compiler memory
 * that is never given back. Counting gets a quarter slower. The flag holds for the whole process, so only a process
 * that is ours may ask for it; the engines that know the flag are named, as an unknown one is reported on stderr.
 */
function spareMemory(): void {
  const major = Number(process.versions.v8.split(".")[0]);
  if (major >= 11 && major <= 13) setFlagsFromString("--wasm-tiering-budget=2000000000");
}

function reply(message: WorkerReply): void {
  parentPort?.postMessage(message);
}
