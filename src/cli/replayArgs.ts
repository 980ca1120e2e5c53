import { parseArgs } from "node:util";
import type { NanoUsd } from "../core/money";
import type { PriceRow } from "../core/pricing";
import { type LimitSpec, readLimitSpec } from "../core/replay/limitSpec";
import { dollars, oneOf, type PriceParser, parse, price, takeLists, UsageError } from "./flags";

export interface ReplayArgs {
  readonly command: "replay";
  readonly data: readonly string[];
  /** Where percentiles come from; `null` = from `data` itself. */
  readonly calibrateOn: readonly string[] | null;
  readonly policy: ReplayPolicy;
  /** Percentiles of each model's own runs, instead of all together. */
  readonly byModel: boolean;
  readonly cap: { readonly usd: NanoUsd; readonly price: PriceRow } | null;
  readonly json: boolean;
}

export type ReplayPolicy =
  | { readonly kind: "unrestricted" }
  | { readonly kind: "fixed"; readonly limit: LimitSpec }
  | {
      readonly kind: "dynamic";
      readonly preset: "evidence" | "published";
      readonly base: LimitSpec;
      readonly hard: LimitSpec;
    };

const OPTIONS = {
  policy: { type: "string" },
  preset: { type: "string" },
  limit: { type: "string" },
  base: { type: "string" },
  hard: { type: "string" },
  "max-usd": { type: "string" },
  price: { type: "string" },
  "by-model": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

export function readReplay(argv: readonly string[], parsePrice: PriceParser): ReplayArgs | { readonly command: "help" } {
  const { lists, rest } = takeLists(argv, ["data", "calibrate-on"]);
  const { values } = parse(() => parseArgs({ args: [...rest], options: OPTIONS, allowPositionals: false }));
  if (values.help) return { command: "help" };
  if (!lists.data) throw new UsageError("--data is missing: the files of recorded runs (JSON lines, plain or gzipped)");
  const { policy, preset, limit, base, hard } = values;
  return {
    command: "replay",
    data: lists.data,
    calibrateOn: lists["calibrate-on"] ?? null,
    policy: policyOf({ policy, preset, limit, base, hard }),
    byModel: values["by-model"],
    cap: capOf(values["max-usd"], values.price, parsePrice),
    json: values.json,
  };
}

type PolicyFlags = { readonly [flag in "policy" | "preset" | "limit" | "base" | "hard"]: string | undefined };

function policyOf(flags: PolicyFlags): ReplayPolicy {
  if (flags.policy === undefined) throw new UsageError("--policy is missing: fixed, dynamic or unrestricted");
  const kind = oneOf("--policy", flags.policy, ["fixed", "dynamic", "unrestricted"]);
  const foreign = (["preset", "limit", "base", "hard"] as const).find(
    (flag) => flags[flag] !== undefined && !FLAGS_OF[kind].includes(flag),
  );
  if (foreign) throw new UsageError(`--${foreign} does not belong to --policy ${kind}`);
  switch (kind) {
    case "unrestricted":
      return { kind };
    case "fixed":
      return { kind, limit: limitOf("limit", flags.limit ?? "p75") };
    case "dynamic": {
      const preset = oneOf("--preset", flags.preset ?? "evidence", ["evidence", "published"]);
      const usualHard = preset === "published" ? "p75" : "p90";
      return { kind, preset, base: limitOf("base", flags.base ?? "p50"), hard: limitOf("hard", flags.hard ?? usualHard) };
    }
  }
}

const FLAGS_OF: { readonly [kind in ReplayPolicy["kind"]]: readonly string[] } = {
  unrestricted: [],
  fixed: ["limit"],
  dynamic: ["preset", "base", "hard"],
};

function limitOf(flag: string, text: string): LimitSpec {
  const spec = readLimitSpec(text);
  if (spec) return spec;
  throw new UsageError(`--${flag} is a percentile such as p75 (above p0, below p100), or a whole number of turns, not "${text}"`);
}

function capOf(most: string | undefined, priced: string | undefined, parsePrice: PriceParser): ReplayArgs["cap"] {
  const usd = dollars("--max-usd", most);
  if (usd === null) {
    if (priced !== undefined) throw new UsageError("--price serves --max-usd, which is missing");
    return null;
  }
  if (priced === undefined) throw new UsageError("--max-usd needs --price: a cap is kept by the worst case of each call");
  return { usd, price: price(priced, "recorded", parsePrice) };
}
