import assert from "node:assert/strict";
import type { RecordedRun } from "../../src/core/recordedRun";
import { curvePoint } from "../../src/core/replay/figures";
import { labLimits, labPolicy } from "../../src/core/replay/lab";
import { type LabInput, labModel, pickedRuns } from "../../src/present/whatIf";
import { recordedRun } from "../support/recordedRuns";

const some = (n: number, change: Partial<RecordedRun>, length = 10) =>
  Array.from({ length: n }, (_, index) => recordedRun(length + index, change));

function lab(all: readonly RecordedRun[], change: Partial<LabInput> = {}) {
  const input: LabInput = {
    ...{ all, file: null, pick: "all", policy: "fixed", base: 12, curve: null, trouble: null },
    present: { limit: 14, inForce: true },
    ...change,
  };
  const runs = pickedRuns(input);
  const curve = labLimits(runs, [14]).map((limit) => curvePoint(runs, limit, labPolicy(input.policy, limit, 12)));
  return labModel({ ...input, curve });
}

describe("the replay lab's model", () => {
  it("offers all runs, own and imported, models, projects and an opened file, each with its number", () => {
    const all = [
      ...some(4, { model: "gpt-5", source: "turnpike", project: "/work/shop" }),
      ...some(3, { model: "claude", source: "claude-code", project: "/work/till" }),
      ...some(2, { model: "rare", source: "claude-code" }),
    ];
    const file = { name: "runs.jsonl", runs: some(5, {}) };
    assert.deepEqual(
      lab(all, { file }).picks.map(({ label }) => label),
      ["All runs (9)", "Own runs (4)", "Imported runs (5)", "gpt-5 (4)", "claude (3)", "shop (4)", "till (3)", "runs.jsonl (5)"],
    );
    const picked = (pick: string) => pickedRuns({ all, file, pick }).length;
    assert.deepEqual(
      ["source:turnpike", "source:imported", "model:claude", "project:/work/shop", "file", "gone"].map(picked),
      [4, 5, 3, 4, 5, 9],
    );
  });

  it("says of a limit what it saves, cuts and loses", () => {
    const runs = some(10, { resolved: true, lastEditTurn: 12 });
    const point = lab(runs).points.find(({ limit }) => limit === 14);
    assert.match(
      point?.text ?? "",
      /^14 turns, enough for 50 % of the runs: saves \d+\.\d % = \$0\.\d+, cuts 5 of 10 runs, loses 5 solved if unfinished counts as failed, 0 with the working tree kept\.$/,
    );
    assert.deepEqual([point?.cut, point?.lost, point?.lostKept], [0.5, 0.5, 0]);
    assert.equal(lab(runs).present?.label, "now 14");
    assert.equal(lab(runs, { present: { limit: 14, inForce: false } }).present?.label, "set to 14");
  });

  it("never shows what is not known as nothing lost or nothing saved", () => {
    const untold = some(6, { resolved: null });
    const model = lab(untold);
    assert.deepEqual(
      model.lines.map(({ of }) => of),
      ["saved", "cut"],
    );
    assert.ok(model.notes.some((note) => /not known whether a cut loses anything/.test(note)));
    assert.doesNotMatch(model.points[0]?.text ?? "", /loses/);
    const unpriced = untold.map((run) => ({ ...run, turns: run.turns.map((turn) => ({ ...turn, usd: null })) }));
    assert.match(lab(unpriced).points[0]?.text ?? "", /what it saves is not known/);
    assert.equal(lab(unpriced).points[0]?.saved, null);
    assert.ok(lab(unpriced).notes.some((note) => /6 runs without a cost/.test(note)));
  });

  it("asks for runs where there are too few, and shows what was wrong with a file", () => {
    assert.match(lab(some(1, {})).nothing, /too few past runs/);
    assert.equal(lab(some(3, {}), { trouble: "a.jsonl, line 2 is not JSON" }).notes[0], "a.jsonl, line 2 is not JSON");
  });
});
