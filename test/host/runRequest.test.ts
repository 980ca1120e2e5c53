import assert from "node:assert/strict";
import { usd } from "../../src/core/money";
import { reduceRun } from "../../src/core/reduceRun";
import type { Caps, PolicySettings, RunConfig } from "../../src/core/runConfig";
import type { RunState } from "../../src/core/runState";
import {
  approvalOf,
  capsOf,
  choiceOf,
  defaultChoice,
  extendedLimits,
  followUpLimits,
  policyOf,
  presentLimitOf,
} from "../../src/host/runRequest";
import { readSettings } from "../../src/host/settings";
import type { ComposerChoice } from "../../src/protocol/sidebar";

const settings = readSettings({ get: () => undefined });
const set = (values: { readonly [name: string]: unknown }) => readSettings({ get: (name) => values[name] });
const choose = (change: Partial<ComposerChoice>): ComposerChoice => ({ ...defaultChoice(settings), ...change });
const typical = { p50: 12, p75: 20, p90: 31, sources: [{ kind: "here", n: 9 }] } as const;

function run(policy: PolicySettings, caps: Partial<Caps> = {}): RunState {
  const model = { id: "m", baseUrl: null, reasoning: false, maxOutput: null, contextWindow: null };
  const start = { turns: null, usd: usd(0.5), tokens: null, minutes: 30, ...caps };
  const config: RunConfig = {
    ...{ runId: "r", task: "t", project: { name: "p", path: "/p" }, model, price: null, policy, warn: settings.warnAt },
    ...{ caps: start, approval: "ask", requestedOutput: 1 },
  };
  return reduceRun(null, { kind: "started", config, system: "", tools: "[]", seq: 0, at: 0 });
}

const fixed = (maxTurns: number) => run({ kind: "fixed", maxTurns, cadence: { kind: "every" } });

describe("the request of a new run", () => {
  it("takes the limits of a dynamic policy from the model's own runs, unless they are set", () => {
    const dynamic = policyOf(choose({}), settings, typical);
    assert.deepEqual(dynamic, {
      ...{ kind: "dynamic", preset: "evidence", baseTurns: 12, hardTurns: 31, onLimit: "ask", cadence: { kind: "every" } },
    });
    const published = policyOf(choose({ preset: "published" }), settings, typical);
    assert.equal(published.kind === "dynamic" && published.hardTurns, 20);
    const own = policyOf(choose({}), set({ baseTurns: 50, hardTurns: 0 }), typical);
    assert.deepEqual(own.kind === "dynamic" && [own.baseTurns, own.hardTurns], [50, 50]);
  });

  it("makes the number of a fixed policy its own, and a cap of the others", () => {
    const choice = choose({ policy: "fixed", turns: 7 });
    assert.deepEqual(policyOf(choice, settings, typical), { kind: "fixed", maxTurns: 7, cadence: { kind: "every" } });
    assert.equal(capsOf(choice).turns, null);
    assert.deepEqual(capsOf(choose({ policy: "unrestricted", turns: 9, usd: null, tokens: 0 })), {
      ...{ turns: 9, usd: null, tokens: 0, minutes: 30 },
    });
  });

  it("tells the limit that new tasks have under a policy, and whether that policy is chosen for them", () => {
    const present = (policy: "fixed" | "evidence", change: Partial<ComposerChoice>) =>
      presentLimitOf(policy, choose(change), set({ maxTurns: 40 }), typical);
    assert.deepEqual(present("evidence", {}), { limit: 31, inForce: true });
    assert.deepEqual(present("evidence", { turns: 20 }), { limit: 20, inForce: true });
    assert.deepEqual(present("evidence", { preset: "published", turns: 20 }), { limit: 31, inForce: false });
    assert.deepEqual(present("fixed", {}), { limit: 40, inForce: false });
    assert.deepEqual(present("fixed", { policy: "fixed", turns: 25 }), { limit: 25, inForce: true });
  });

  it("keeps a workspace that is not trusted from more than reading", () => {
    assert.equal(approvalOf(choose({ approval: "autoAll" }), false), "readOnly");
    assert.equal(approvalOf(choose({ approval: "autoAll" }), true), "autoAll");
  });
});

describe("the limits of a run that goes on", () => {
  it("begin with what it has, in all", () => {
    const choice = choiceOf(fixed(20), choose({ approval: "autoEdit" }));
    assert.deepEqual(
      [choice.policy, choice.turns, choice.usd, choice.model, choice.approval],
      ["fixed", 20, 0.5, "m", "autoEdit"],
    );
    const { caps, extraTurns } = followUpLimits(fixed(20), choice);
    assert.deepEqual([caps, extraTurns], [{ turns: null, usd: usd(0.5), tokens: null, minutes: 30 }, 0]);
  });

  it("add the turns that are more, and cap at those that are fewer", () => {
    const more = followUpLimits(fixed(20), choose({ policy: "fixed", turns: 26 }));
    assert.equal(more.extraTurns, 6);
    const fewer = followUpLimits(fixed(20), choose({ policy: "fixed", turns: 8 }));
    assert.deepEqual([fewer.extraTurns, fewer.caps.turns], [0, 8]);
  });

  it("move a cap in turns that added turns would meet", () => {
    const capped = run({ kind: "unrestricted", cadence: { kind: "off" } }, { turns: 10 });
    const { caps, extraTurns } = extendedLimits(capped, { turns: 5, usd: null, tokens: null, minutes: null });
    assert.deepEqual([caps.turns, extraTurns], [15, 5]);
  });

  it("never grow past what can be chosen, so that what a run has can be shown and sent again", () => {
    const { caps, extraTurns } = extendedLimits(fixed(9_990), { turns: 20, usd: 999_999.9, tokens: null, minutes: 10_079 });
    assert.deepEqual([extraTurns, caps.usd, caps.minutes], [10, usd(1_000_000), 10_080]);
  });

  it("extend by amounts, to the nano-dollar, and leave a unit without a cap without one", () => {
    const { caps, extraTurns } = extendedLimits(fixed(20), { turns: 5, usd: 0.07, tokens: 1000, minutes: 10 });
    assert.deepEqual([caps, extraTurns], [{ turns: null, usd: usd(0.57), tokens: null, minutes: 40 }, 5]);
    const free = run({ kind: "unrestricted", cadence: { kind: "off" } }, { usd: null });
    assert.equal(extendedLimits(free, { turns: 5, usd: 1, tokens: null, minutes: null }).extraTurns, 0);
    assert.equal(extendedLimits(free, { turns: 5, usd: 1, tokens: null, minutes: null }).caps.usd, null);
  });
});
