import assert from "node:assert/strict";
import type { AgentEvent } from "../../src/core/agentEvent";
import type { RecordingQuery, RunStore, SpendRow } from "../../src/core/history";
import { recordedTurn } from "../../src/core/recordOf";
import { foldRun } from "../../src/core/reduceRun";
import { NO_CAPS } from "../../src/core/runConfig";
import type { RunState } from "../../src/core/runState";
import {
  cents,
  charged,
  ended,
  PRICE,
  sampleCharge,
  sampleConfig,
  stamped,
  started,
  toolEnded,
  turnStarted,
  UNKNOWN,
  wholeRun,
} from "./storeSamples";

const EVENING = new Date(2026, 5, 14, 23, 59, 0).getTime();
const NOON = new Date(2026, 5, 15, 12).getTime();

/** What every record of runs does. `open` gives an empty one. */
export function describeRuns(name: string, open: () => Promise<RunStore>): void {
  describe(`${name}: runs`, () => {
    let store: RunStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    async function record(runId: string, events: readonly AgentEvent[], at?: number): Promise<void> {
      for (const event of stamped(events, at)) await store.append(runId, event);
    }
    async function keep(runId: string, turns: number, change = {}, at?: number): Promise<void> {
      for (const event of wholeRun(runId, turns, change, at)) await store.append(runId, event);
    }
    async function summary(runId: string) {
      const found = (await store.runs({ limit: 100 })).find((run) => run.runId === runId);
      assert.ok(found);
      return found;
    }

    it("gives back the events as they were, without those for live views", async () => {
      const events = stamped([
        started("r"),
        turnStarted(1),
        { kind: "assistant", turn: 1, text: "ünï\n💶", toolCalls: [] },
        charged(1),
      ]);
      for (const event of events) await store.append("r", event);
      await store.append("r", { kind: "delta", turn: 1, channel: "text", text: "live", seq: 4, at: NOON });
      await store.append("r", { kind: "toolOutput", turn: 1, callId: "c", text: "live", seq: 4, at: NOON });
      await store.append("r", { ...ended(), seq: 4, at: NOON });
      assert.deepEqual(await store.events("r"), [...events, { ...ended(), seq: 4, at: NOON }]);
      assert.deepEqual(await store.events("another"), []);
    });

    it("keeps events in order when they are not waited for", async () => {
      const events = wholeRun("r", 20);
      await Promise.all(events.map((event) => store.append("r", event)));
      assert.deepEqual(await store.events("r"), events);
      assert.equal((await summary("r")).turns, 20);
    });

    it("refuses an event out of place, and keeps nothing of it", async () => {
      const [start, turn, charge] = stamped([started("r"), turnStarted(1), charged(1)]);
      assert.ok(start && turn && charge);
      await assert.rejects(store.append("r", turn), /begins with "started"/);
      await assert.rejects(store.append("other", start), /other/);
      await store.append("r", start);
      await store.append("r", turn);
      await assert.rejects(store.append("r", { ...charge, seq: 1 }));
      await assert.rejects(store.append("r", { ...start, seq: 2 }), /starts once/);
      assert.deepEqual(await store.events("r"), [start, turn]);
      assert.equal((await summary("r")).usd, 0);
    });

    it("says of each run what its events say", async () => {
      const caps = { turns: 30, usd: cents(50), tokens: 100_000, minutes: 2.5 };
      const policy = { kind: "fixed", maxTurns: 20, cadence: { kind: "last", turns: 5 } } as const;
      const estimated = sampleCharge({ provenance: "estimated", usd: cents(2) });
      const middle = [turnStarted(1), charged(1), charged(1, UNKNOWN, 2), turnStarted(2), charged(2, estimated)];
      await record("r", [started("r", { caps, policy }), ...middle]);
      const running = await summary("r");
      assert.deepEqual(running, {
        ...{
          runId: "r",
          source: "turnpike",
          task: "Task of r",
          project: { name: "shop", path: "/work/shop" },
          model: "m1",
          policy: "fixed",
        },
        ...{ outcome: null, turns: 2, limit: 20, caps, usd: cents(3), estimatedCharges: 1, unknownCharges: 1 },
        usage: { freshInput: 200, cacheRead: 1_800, cacheWrite5m: 20, cacheWrite1h: 10, output: 100, reasoning: 40 },
        ...{ demo: false, startedAt: NOON, dated: true, endedAt: null },
      });
      await store.append("r", { kind: "ended", outcome: { kind: "stopped", reason: "dollars" }, seq: 6, at: NOON + 9_000 });
      assert.deepEqual(await summary("r"), {
        ...running,
        outcome: { kind: "stopped", reason: "dollars" },
        endedAt: NOON + 9_000,
      });
    });

    it("opens a run again when it is resumed, under the caps and the limit of then", async () => {
      await keep("r", 2);
      const caps = { ...NO_CAPS, usd: cents(100) };
      const again = stamped([{ kind: "resumed", caps, limit: 12 }, turnStarted(3), charged(3)], NOON + 60_000, 100);
      for (const event of again) await store.append("r", event);
      const { outcome, endedAt, limit, turns, caps: now } = await summary("r");
      assert.deepEqual({ outcome, endedAt, limit, turns, now }, { outcome: null, endedAt: null, limit: 12, turns: 3, now: caps });
    });

    it("counts and sums exactly as the live state does", async () => {
      const policy = {
        kind: "dynamic",
        preset: "evidence",
        baseTurns: 4,
        hardTurns: 12,
        onLimit: "land",
        cadence: { kind: "off" },
      } as const;
      const evidence = { progress: [], against: [], chunkUsd: null, chance: null, wish: null };
      const events = stamped([
        started("r", { policy, caps: { ...NO_CAPS, turns: 6 } }),
        ...[turnStarted(1), charged(1, UNKNOWN), turnStarted(2), charged(2, sampleCharge({ provenance: "estimated" }))],
        { kind: "extended", turn: 2, from: 4, to: 5, by: "policy", evidence },
        { kind: "capsChanged", caps: { ...NO_CAPS, turns: 3 } },
        { kind: "capsChanged", caps: { ...NO_CAPS, turns: 9 } },
        ...[turnStarted(3), charged(3), ended("failed")],
      ]);
      for (const [index, event] of events.entries()) {
        await store.append("r", event);
        const { turns, limit, caps, usd: spent, estimatedCharges, unknownCharges, usage, outcome } = await summary("r");
        const live = expected(foldRun(events.slice(0, index + 1)));
        assert.deepEqual({ turns, limit, caps, usd: spent, estimatedCharges, unknownCharges, usage, outcome }, live);
      }
    });

    it("lists the newest runs first, of one project or of all", async () => {
      const elsewhere = { project: { name: "till", path: "/work/till" } };
      await keep("old", 1, {}, NOON);
      await keep("elsewhere", 1, elsewhere, NOON + 1_000_000);
      await keep("new", 1, {}, NOON + 2_000_000);
      const ids = async (query: Parameters<RunStore["runs"]>[0]) => (await store.runs(query)).map((run) => run.runId);
      assert.deepEqual(await ids({ limit: 10 }), ["new", "elsewhere", "old"]);
      assert.deepEqual(await ids({ limit: 2 }), ["new", "elsewhere"]);
      assert.deepEqual(await ids({ limit: 10, projectPath: "/work/shop" }), ["new", "old"]);
    });

    it("adds up spend by model, project and policy, dearest first, with play money apart", async () => {
      const demo = { price: { ...PRICE, source: "demo" } } as const;
      const other = { model: { id: "m2", baseUrl: null, reasoning: false, maxOutput: null, contextWindow: null } };
      await keep("a", 1);
      await keep("b", 3, other);
      await keep("c", 2, demo);
      await record("d", [
        started("d"),
        turnStarted(1),
        charged(1, UNKNOWN),
        charged(1, sampleCharge({ provenance: "estimated" }), 2),
      ]);
      const short = (await store.spend("model")).map(({ usage, ...row }) => ({ ...row, output: usage.output }));
      assert.deepEqual(short, [
        {
          group: "m2",
          source: "turnpike",
          demo: false,
          runs: 1,
          done: 1,
          turns: 3,
          usd: cents(3),
          estimatedCharges: 0,
          unknownCharges: 0,
          output: 150,
        },
        {
          group: "m1",
          source: "turnpike",
          demo: false,
          runs: 2,
          done: 1,
          turns: 2,
          usd: cents(2),
          estimatedCharges: 1,
          unknownCharges: 1,
          output: 100,
        },
        {
          group: "m1",
          source: "turnpike",
          demo: true,
          runs: 1,
          done: 1,
          turns: 2,
          usd: cents(2),
          estimatedCharges: 0,
          unknownCharges: 0,
          output: 100,
        },
      ]);
      const groups = async (group: "project" | "policy") =>
        (await store.spend(group)).map((row) => [row.group, row.demo, row.runs]);
      assert.deepEqual(await groups("project"), [
        ["/work/shop", false, 3],
        ["/work/shop", true, 1],
      ]);
      assert.deepEqual(await groups("policy"), [
        ["unrestricted", false, 3],
        ["unrestricted", true, 1],
      ]);
    });

    it("puts spend on the local day its turn began, and the run on the day it began", async () => {
      // 23:59:00 start, turns at 23:59:01 and, after midnight, at 00:00:41.
      await record("r", [started("r"), turnStarted(1), charged(1)], EVENING);
      for (const event of stamped([turnStarted(2), charged(2), ended()], EVENING + 101_000, 3)) await store.append("r", event);
      const days = (await store.spend("day")).map(({ group, runs, done, turns, usd: spent }) => ({
        group,
        runs,
        done,
        turns,
        spent,
      }));
      assert.deepEqual(days, [
        { group: "2026-06-15", runs: 0, done: 0, turns: 1, spent: cents(1) },
        { group: "2026-06-14", runs: 1, done: 1, turns: 1, spent: cents(1) },
      ]);
    });

    it("says the same of the whole whatever it is grouped by", async () => {
      await keep("a", 2, {}, EVENING);
      await keep("b", 5, { project: { name: "till", path: "/work/till" } });
      await record("c", [started("c"), turnStarted(1), charged(1, UNKNOWN)]);
      const totals = [];
      for (const group of ["day", "model", "project", "policy"] as const) {
        const rows = await store.spend(group);
        const sum = (of: (row: SpendRow) => number) => rows.reduce((total, row) => total + of(row), 0);
        totals.push([
          sum((row) => row.usd),
          sum((row) => row.usage.output),
          sum((row) => row.runs),
          sum((row) => row.done),
          sum((row) => row.turns),
        ]);
      }
      for (const total of totals) assert.deepEqual(total, [cents(7), 350, 3, 2, 8]);
    });

    it("tells how long past runs of a model were, without play money", async () => {
      await keep("a", 3, {}, NOON);
      await keep("b", 5, {}, NOON + 1_000_000);
      await keep("elsewhere", 7, { project: { name: "till", path: "/work/till" } }, NOON + 2_000_000);
      await keep("demo", 9, { price: { ...PRICE, source: "demo" } }, NOON + 3_000_000);
      await record("failed", [started("failed"), turnStarted(1), ended("failed")], NOON - 1_000_000);
      await record("running", [started("running"), turnStarted(1)]);
      const common = { model: "m1", imported: false };
      assert.deepEqual(await store.lengths({ model: "m1", projectPath: "/work/shop" }), [
        { ...common, turns: 7, ended: true, here: false },
        { ...common, turns: 5, ended: true, here: true },
        { ...common, turns: 3, ended: true, here: true },
        { ...common, turns: 1, ended: false, here: true },
      ]);
      const nowhere = await store.lengths({ model: "vendor/M1-2026-01-31", projectPath: null });
      assert.deepEqual(
        nowhere.map(({ here }) => here),
        [false, false, false, false],
      );
      assert.deepEqual(await store.lengths({ model: "m2", projectPath: null }), []);
    });

    it("counts a run that was found infeasible as ended", async () => {
      const infeasible = { kind: "failed", reason: "infeasible: there is no such function" } as const;
      await record("r", [started("r"), turnStarted(1), charged(1), { kind: "ended", outcome: infeasible }]);
      assert.equal((await store.lengths({ model: "m1", projectPath: null }))[0]?.ended, true);
      assert.equal((await store.recordings({ limit: 9 }))[0]?.ended, true);
    });

    it("gives past runs turn by turn as the live state has them", async () => {
      const call = (turn: number, id: string, change: Partial<AgentEvent & { kind: "toolEnded" }>): AgentEvent => {
        const made = toolEnded(turn, id);
        if (made.kind !== "toolEnded") throw new Error("not a tool's end");
        return { ...made, changes: [], check: null, ...change };
      };
      const passed = { command: "npm test", passed: true, failures: 0 };
      const events = stamped([
        started("r"),
        ...[turnStarted(1), charged(1), call(1, "a", { tool: "read_file" }), call(1, "b", { tool: "search_text", ok: false })],
        ...[turnStarted(2), charged(2), toolEnded(2, "c")],
        ...[turnStarted(3), charged(3, UNKNOWN), call(3, "d", { tool: "run_command", check: passed, resultTokens: null })],
        ...[turnStarted(4), charged(4), call(4, "e", { tool: "finish" })],
        ended(),
      ]);
      for (const event of events) await store.append("r", event);
      await record("running", [started("running"), turnStarted(1), charged(1)]);
      const [only, ...more] = await store.recordings({ limit: 9 });
      const { turns, ...run } = only ?? assert.fail("no run");
      assert.deepEqual(more, []);
      assert.deepEqual(run, {
        ...{ id: "r", source: "turnpike", model: "m1", task: "Task of r", project: "/work/shop", resolved: null, ended: true },
        ...{ lastEditTurn: 2, startedAt: NOON },
      });
      assert.deepEqual(turns, foldRun(events).turns.map(recordedTurn));
      assert.deepEqual(
        turns.map(({ action, failed, failures }) => [action, failed, failures]),
        [
          ["read", true, null],
          ["edit", false, 2],
          ["check", false, 0],
          ["finish", false, null],
        ],
      );
    });

    it("gives the newest past runs that were asked for", async () => {
      await keep("a", 3, {}, NOON);
      await keep("b", 5, { project: { name: "till", path: "/work/till" } }, NOON + 1_000_000);
      await keep("c", 2, { model: { ...sampleConfig("c").model, id: "m2" } }, NOON + 2_000_000);
      const ids = async (query: RecordingQuery) => (await store.recordings(query)).map(({ id }) => id);
      assert.deepEqual(await ids({ limit: 9 }), ["c", "b", "a"]);
      assert.deepEqual(await ids({ limit: 2 }), ["c", "b"]);
      assert.deepEqual(await ids({ limit: 9, models: ["m1"] }), ["b", "a"]);
      assert.deepEqual(await ids({ limit: 9, projectPath: "/work/shop" }), ["c", "a"]);
      assert.deepEqual(await ids({ limit: 9, sources: ["codex"] }), []);
      assert.deepEqual(await ids({ limit: 9, sources: ["codex", "turnpike"] }), ["c", "b", "a"]);
    });

    it("keeps texts by their content, up to 1 MiB of UTF-8", async () => {
      const text = "line with ümlaut and 💶\r\n".repeat(1_000);
      const key = await store.saveText(text);
      assert.ok(key);
      assert.equal(await store.saveText(text), key);
      assert.notEqual(await store.saveText(`${text} `), key);
      assert.equal(await store.loadText(key), text);
      assert.equal(await store.loadText("no such key"), null);
      const empty = await store.saveText("");
      assert.equal(empty && (await store.loadText(empty)), "");
      const longest = "x".repeat(1024 * 1024);
      const longKey = await store.saveText(longest);
      assert.equal(longKey && (await store.loadText(longKey)), longest);
      assert.equal(await store.saveText(`${longest}x`), null);
      assert.equal(await store.saveText("ü".repeat(600_000)), null);
    });

    it("takes tool calls whose provider repeats its ids", async () => {
      await record("r", [started("r"), turnStarted(1), toolEnded(1), toolEnded(1), turnStarted(2), toolEnded(2)]);
      assert.equal((await store.events("r")).length, 6);
    });
  });
}

function expected({ turns, limit, caps, totals, outcome }: RunState) {
  const { usd: spent, estimatedCharges, unknownCharges, usage } = totals;
  return { turns: turns.length, limit, caps, usd: spent, estimatedCharges, unknownCharges, usage, outcome };
}
