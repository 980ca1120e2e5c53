import path from "node:path";
import * as vscode from "vscode";
import type { Engine } from "../core/engine";
import type { RunStore } from "../core/history";
import { OWN_SOURCE } from "../core/imports";
import type { RecordedRun } from "../core/recordedRun";
import { type CurvePoint, curvePoint } from "../core/replay/figures";
import { baseOf, labLimits, labPolicy } from "../core/replay/lab";
import { type LabInput, labModel, pickedRuns } from "../present/whatIf";
import type { LabModel, LabPolicy } from "../protocol/history";
import type { ComposerChoice } from "../protocol/sidebar";
import { type Log, messageOf } from "./log";
import { SETTINGS_SECTION } from "./manifest";
import type { Settings } from "./settings";

/** The newest runs that are looked at. */
const MOST_RUNS = 2_000;

/** Turns that a policy gives, and whether it is the one that new tasks start under. */
export interface PresentLimit {
  readonly limit: number;
  readonly inForce: boolean;
}

export interface WhatIfParts {
  readonly engine: () => Promise<Engine>;
  readonly settings: () => Settings;
  readonly presentLimit: (policy: LabPolicy) => PresentLimit;
  /** Makes new tasks of this window start so, whatever was chosen for them before. */
  readonly choose: (choice: Partial<ComposerChoice>) => Promise<void>;
  readonly log: Log;
  /** What the page shows has changed. */
  readonly onChange: () => void;
}

/** The replay lab of the history tab: which runs, which policy, and the curve, worked out in slices so that nothing waits. */
export class WhatIf {
  #input: LabInput | null = null;
  /** Number of the newest curve asked for: an older one is given up. */
  #round = 0;
  #isStale = false;

  constructor(private readonly parts: WhatIfParts) {}

  /** What there is to show; reads the store the first time. */
  async model(): Promise<LabModel> {
    if (this.#input === null || this.#isStale) {
      this.#isStale = false;
      const { store } = await this.parts.engine();
      const all = await newestRecordings(store);
      const { policy, preset } = this.parts.settings();
      this.#change(this.#input ? { all } : { all, policy: policy === "dynamic" ? preset : "fixed" });
    }
    if (this.#input === null) throw new Error("the lab has no runs to show");
    return labModel(this.#input);
  }

  /** Runs have come or gone: they are read anew when next shown. */
  forget(): void {
    this.#isStale = true;
  }

  pick(pick: string): void {
    this.#change({ pick, trouble: null });
  }

  choose(policy: LabPolicy): void {
    this.#change({ policy });
  }

  /** Lets the user choose files of recorded runs, and picks them. */
  async open(): Promise<void> {
    const chosen = await vscode.window.showOpenDialog({
      title: "Open Recorded Runs",
      openLabel: "Replay",
      canSelectMany: true,
      filters: { "Recorded runs": ["jsonl", "gz", "json"] },
    });
    if (!chosen || chosen.length === 0) return;
    const files = chosen.map((uri) => uri.fsPath);
    try {
      const runs = await (await this.parts.engine()).readRecorded(files);
      const name = files.length === 1 ? path.basename(files[0] ?? "") : `${files.length} files`;
      this.#change({ file: { name, runs }, pick: "file", trouble: null });
    } catch (error) {
      this.#change({ trouble: messageOf(error) });
    }
  }

  /** Makes a limit the one that new tasks start under, in the user's settings. */
  async use(policy: LabPolicy, limit: number): Promise<void> {
    const config = vscode.workspace.getConfiguration(SETTINGS_SECTION);
    const write = (name: string, value: unknown) => config.update(name, value, vscode.ConfigurationTarget.Global);
    if (policy === "fixed") {
      await write("policy", "fixed");
      await write("maxTurns", limit);
      await this.parts.choose({ policy: "fixed", turns: limit });
    } else {
      const base = Math.min(limit, this.#input?.base ?? limit);
      await write("policy", "dynamic");
      await write("preset", policy);
      await write("baseTurns", base);
      await write("hardTurns", limit);
      // A cap of turns chosen before would end new tasks below the limit.
      await this.parts.choose({ policy: "dynamic", preset: policy, turns: null });
    }
    const what = policy === "fixed" ? `fixed, ${limit} turns` : `dynamic, at most ${limit} turns`;
    const told = vscode.window.showInformationMessage(`New tasks start under this limit: ${what}.`);
    this.parts.log.track("showing a message", told);
    this.#change({});
  }

  #change(change: Partial<LabInput>): void {
    const before = this.#input ?? { all: [], file: null, pick: "all", policy: "fixed", base: 1, trouble: null };
    const next = { ...before, ...change, curve: null, present: null };
    const runs = pickedRuns(next);
    const base = runs.length === 0 ? 1 : baseOf(runs);
    this.#input = { ...next, base, present: this.parts.presentLimit(next.policy) };
    this.#round += 1;
    this.parts.log.track("working out a curve", this.#draw(this.#round, runs));
    this.parts.onChange();
  }

  async #draw(round: number, runs: readonly RecordedRun[]): Promise<void> {
    const input = this.#input;
    if (!input || runs.length === 0) return;
    const curve: CurvePoint[] = [];
    for (const limit of labLimits(runs, input.present === null ? [] : [input.present.limit])) {
      curve.push(curvePoint(runs, limit, labPolicy(input.policy, limit, input.base)));
      await new Promise((resolve) => setImmediate(resolve));
      if (round !== this.#round) return;
    }
    this.#input = { ...input, curve };
    this.parts.onChange();
  }
}

/** Own runs before imported ones where there is no room for all: a large import hides none of them. */
async function newestRecordings(store: Pick<RunStore, "recordings">): Promise<readonly RecordedRun[]> {
  const all = await store.recordings({ limit: MOST_RUNS });
  if (all.length < MOST_RUNS) return all;
  const own = await store.recordings({ limit: MOST_RUNS, sources: [OWN_SOURCE] });
  return [...own, ...all.filter(({ source }) => source !== OWN_SOURCE)].slice(0, MOST_RUNS);
}
