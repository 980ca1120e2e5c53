/**
 * Thread that counts tokens, so that building the tables (0.15 to 0.5 s) and counting large texts never hold up an
 * editor. It counts with tiktoken: the wasm and the ranks are files in `assetsDir`, read on start (`tiktoken_bg.wasm`,
 * `<encoding>.json`); or, where memory is to be spared, from the same ranks without the wasm. If anything fails on
 * start, the thread dies and its owner goes on with bounds.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { init, Tiktoken } from "tiktoken/lite/init";
import * as v from "valibot";
import { CountRequest, type WorkerReply, WorkerStart } from "./tokenizerWorkerMessages";
import { createPairCounter } from "./tokenizerWorkerPairs";
import { piecesOf } from "./tokenizerWorkerRuns";

/** The part used of what Node has but its types lack. */
declare const WebAssembly: { instantiate(bytes: Uint8Array, imports: unknown): Promise<never> };

const Ranks = v.object({ bpe_ranks: v.string(), special_tokens: v.record(v.string(), v.number()), pat_str: v.string() });

void serve(v.parse(WorkerStart, workerData));

async function serve({ assetsDir, encoding, lean }: WorkerStart): Promise<void> {
  const ranks = readFileSync(path.join(assetsDir, `${encoding}.json`));
  const countPiece = lean
    ? createPairCounter(ranks)
    : await createTiktokenCounter(path.join(assetsDir, "tiktoken_bg.wasm"), ranks);
  parentPort?.on("message", (message: unknown) => {
    const { id, texts } = v.parse(CountRequest, message);
    reply({ kind: "counted", id, counts: texts.map((text) => countTokens(countPiece, text)) });
  });
  reply({ kind: "ready" });
}

/**
 * The text of the ranks is garbage as soon as this returns; the tables live in the wasm's memory (26 MB for o200k).
 * `encode_ordinary` takes `<|endoftext|>` and the like as plain text, where `encode` throws.
 */
async function createTiktokenCounter(wasmFile: string, file: Buffer): Promise<(text: string) => number> {
  const wasm = readFileSync(wasmFile);
  await init((imports) => WebAssembly.instantiate(wasm, imports));
  const ranks = v.parse(Ranks, JSON.parse(file.toString("utf8")));
  const encoder = new Tiktoken(ranks.bpe_ranks, ranks.special_tokens, ranks.pat_str);
  return (text) => encoder.encode_ordinary(text).length;
}

/** A text that traps the wasm counts as its bytes. */
function countTokens(countPiece: (piece: string) => number, text: string): number {
  try {
    return piecesOf(text).reduce((tokens, piece) => tokens + countPiece(piece), 0);
  } catch {
    return Buffer.byteLength(text);
  }
}

function reply(message: WorkerReply): void {
  parentPort?.postMessage(message);
}
