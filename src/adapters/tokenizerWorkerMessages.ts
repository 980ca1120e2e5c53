import * as v from "valibot";

/** What the worker is started with. */
export const WorkerStart = v.object({
  assetsDir: v.string(),
  encoding: v.picklist(["o200k_base", "cl100k_base"]),
  /** Count without the wasm; see `createPairCounter`. */
  lean: v.boolean(),
});

/** Asks for the tokens of each text, in order. */
export const CountRequest = v.object({ id: v.number(), texts: v.array(v.string()) });

/** `ready` comes once, when the tokenizer is built. */
export const WorkerReply = v.variant("kind", [
  v.object({ kind: v.literal("ready") }),
  v.object({ kind: v.literal("counted"), id: v.number(), counts: v.array(v.number()) }),
]);

export type WorkerStart = v.InferOutput<typeof WorkerStart>;
export type CountRequest = v.InferOutput<typeof CountRequest>;
export type WorkerReply = v.InferOutput<typeof WorkerReply>;
