import path from "node:path";
import * as v from "valibot";
import { NO_USAGE, type Usage } from "../core/usage";
import { actionOfCommand, roughTokens } from "./importActions";
import { jsonOf } from "./importLines";
import { miniOutcome } from "./importMini";
import { type FoundRun, moneyFrom, newCall, soft } from "./importRun";
import type { ReadWatch } from "./importTally";
import { readWhole, writtenAt } from "./importWhole";

const Step = v.object({
  action: soft(v.string()),
  observation: v.optional(v.unknown()),
  response: v.optional(v.unknown()),
  exit_code: soft(v.number()),
});
const count = soft(v.pipe(v.number(), v.safeInteger(), v.minValue(0)));
const Trajectory = v.object({
  trajectory: v.array(Step),
  environment: soft(v.string()),
  info: v.object({
    exit_status: soft(v.string()),
    model_stats: soft(
      v.object({
        instance_cost: soft(v.number()),
        total_cost: soft(v.number()),
        tokens_sent: count,
        tokens_received: count,
      }),
    ),
  }),
  replay_config: v.optional(v.unknown()),
});
const WithModel = v.object({
  agent: v.object({ model: v.union([v.object({ name: v.string() }), v.object({ model_name: v.string() })]) }),
});

/**
 * A run of SWE-agent: one JSON text, `*.traj`. A step is a call. Tokens and costs are told for the run as a whole only:
 * those of the steps are not known, and none are made up.
 */
export async function* sweRuns(file: string, watch: ReadWatch): AsyncGenerator<FoundRun> {
  const parsed = v.safeParse(Trajectory, await readWhole(file, watch));
  if (!parsed.success) throw new Error("it is not a trajectory of SWE-agent: it needs info and trajectory");
  const { trajectory, info, replay_config: replay } = parsed.output;
  const stats = info.model_stats;
  const steps = trajectory.filter(({ response, action }) => response || action);
  if (steps.length === 0) return;
  const endedAt = await writtenAt(file);
  const status = (info.exit_status ?? "").replace(/^submitted \((.*)\)$/i, "$1").replace(/^exit_/, "");
  yield {
    ...{ source: "swe-agent", sourceId: file, isPiece: false, task: path.basename(file).replace(/\.traj$/, ""), project: null },
    ...{ outcome: miniOutcome(status), resolved: null, startedAt: endedAt, endedAt },
    model: modelIn(typeof replay === "string" ? jsonOf(Buffer.from(replay)) : replay) ?? modelInPath(file),
    calls: steps.map(({ action, observation, exit_code: code }) => {
      const text = typeof observation === "string" ? observation : "";
      const did = action?.trim() ? actionOfCommand(action) : "none";
      return newCall({ action: did, failed: code !== null && code !== 0, result: roughTokens(text.length) });
    }),
    whole: {
      usage: usageOf(stats?.tokens_sent ?? null, stats?.tokens_received ?? null),
      usd: moneyFrom(stats?.instance_cost ?? stats?.total_cost),
    },
  };
}

function usageOf(sent: number | null, received: number | null): Usage | null {
  return sent === null && received === null ? null : { ...NO_USAGE, freshInput: sent ?? 0, output: received ?? 0 };
}

function modelIn(config: unknown): string | null {
  if (!v.is(WithModel, config)) return null;
  const { model } = config.agent;
  return "name" in model ? model.name : model.model_name;
}

/** Older versions tell the model only in the folder: `<model>__<data>__<settings>`. */
function modelInPath(file: string): string | null {
  const parts = file.split(/[\\/]/).slice(0, -1).reverse();
  return parts.find((part) => part.split("__").length >= 3)?.split("__")[0] ?? null;
}
