import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { importHistory } from "../../src/adapters/importHistory";
import { defaultPlaces, filesAt, survey } from "../../src/adapters/importPlaces";
import { JournalStore } from "../../src/adapters/journalStore";
import { createPriceCatalog } from "../../src/adapters/priceCatalog";
import type { ImportBatch, ImportProgress } from "../../src/core/imports";
import { FIXTURES, ImportedStore } from "./importStore";
import { SetClock } from "./storeSamples";

const never = new AbortController().signal;

describe("import of histories", () => {
  const store = new ImportedStore();
  beforeEach(() => store.open());
  afterEach(() => store.close());
  after(() => store.scratch.remove());

  const everything = () => {
    for (const part of ["claude", "codex", "mini", "swe", "openhands"]) store.copy(part);
  };

  it("tells by the look of each file whose it is", async () => {
    everything();
    writeFileSync(path.join(store.folder, "notes.jsonl"), '{"hello":"world"}\n');
    writeFileSync(path.join(store.folder, "package.json"), '{"name":"x"}');
    writeFileSync(
      path.join(store.folder, "set.jsonl"),
      '{"source":"s","model":"m","task_id":"t","n_turns":1,"turns":[{"prompt_tokens":1}]}\n',
    );
    const files = await filesAt({ agent: null, path: store.folder }, never);
    const found = files.map(
      (file) => `${file.agent} ${path.relative(store.folder, file.path).split(path.sep).slice(0, 2).join("/")}`,
    );
    assert.deepEqual(found.sort(), [
      "claude-code claude/projects",
      "codex codex/sessions",
      "mini-swe-agent mini/astropy__astropy-1.traj.json",
      "openhands openhands/output.jsonl",
      "openhands openhands/sessions",
      "openhands openhands/trajectory.json",
      "recorded set.jsonl",
      "swe-agent swe/gpt-5__lite__t0",
    ]);
    const report = await store.import(null);
    assert.deepEqual([report.files, report.added, report.broken], [8, 8, []]);
  });

  it("marks every run with its source", async () => {
    everything();
    await store.import(null);
    const groups = (await store.runs.spend("policy")).map(({ group, runs }) => `${runs} ${group}`);
    assert.deepEqual(groups.sort(), ["1 claude-code", "1 codex", "1 mini-swe-agent", "1 swe-agent", "3 openhands"]);
  });

  it("tells a broken file with what is wrong, and goes on with the others", async () => {
    everything();
    writeFileSync(path.join(store.folder, "mini/half.traj.json"), '{"info": {');
    writeFileSync(path.join(store.folder, "mini/other.traj.json"), '{"name": "x"}');
    const report = await store.import("mini-swe-agent");
    assert.equal(report.added, 1);
    assert.deepEqual(
      report.broken.map(({ path: file, why }) => [path.basename(file), /not JSON|needs info/.exec(why)?.[0]]).sort(),
      [
        ["half.traj.json", "not JSON"],
        ["other.traj.json", "needs info"],
      ],
    );
    const again = await store.import("mini-swe-agent");
    assert.deepEqual([again.broken.length, again.skippedFiles], [2, 1]);
  });

  it("refuses a place that is not there", async () => {
    await assert.rejects(store.import("codex", path.join(store.folder, "no/such")), /nothing at .*no.such/);
  });

  it("counts a place once that is named twice or through a link", async function () {
    if (process.platform === "win32") this.skip();
    everything();
    const link = path.join(store.folder, "link");
    symlinkSync(path.join(store.folder, "mini"), link);
    const places = [path.join(store.folder, "mini"), link].map((place) => ({ agent: "mini-swe-agent", path: place }) as const);
    const prices = createPriceCatalog(() => new Date("2026-11-01"));
    const report = await importHistory({ places, signal: never }, store.runs, prices);
    assert.deepEqual([report.files, report.added, report.unchanged], [1, 1, 0]);
  });

  it("keeps what was read when it is stopped, and takes the rest the next time", async () => {
    everything();
    const stop = new AbortController();
    const onProgress = ({ files }: ImportProgress) => files === 3 && stop.abort();
    const report = await store.import(null, store.folder, {
      signal: stop.signal,
      onProgress: (progress) => void onProgress(progress),
    });
    assert.deepEqual([report.cancelled, report.files, report.added], [true, 3, 3]);
    const rest = await store.import(null);
    assert.deepEqual([rest.cancelled, rest.skippedFiles, rest.added], [false, 3, 4]);
  });

  it("is stopped between the runs of one file", async () => {
    const turns = Array.from({ length: 400 }, () => ({ prompt_tokens: 1 }));
    const line = (run: number) => JSON.stringify({ source: "s", model: "m", task_id: "t", run, turns });
    writeFileSync(path.join(store.folder, "set.jsonl"), `${[1, 2, 3, 4].map(line).join("\n")}\n`);
    const stop = new AbortController();
    const stopping = {
      importedFiles: () => store.runs.importedFiles(),
      importRuns: (batch: ImportBatch) => {
        if (batch.runs.length > 0) stop.abort();
        return store.runs.importRuns(batch);
      },
    };
    const places = [{ agent: null, path: store.folder }];
    const report = await importHistory(
      { places, signal: stop.signal },
      stopping,
      createPriceCatalog(() => new Date("2026-11-01")),
    );
    assert.deepEqual([report.cancelled, report.added], [true, 1]);
    const rest = await store.import(null);
    assert.deepEqual([rest.cancelled, rest.added, rest.unchanged], [false, 3, 1]);
  });

  it("tells how far it has come", async () => {
    everything();
    const seen: ImportProgress[] = [];
    await store.import(null, store.folder, { onProgress: (progress) => void seen.push(progress) });
    const last = seen.at(-1) ?? assert.fail("nothing was told");
    assert.deepEqual([last.files, last.bytes, last.runs], [7, last.bytesInAll, 7]);
    assert.ok(seen.every(({ bytes }, index) => bytes >= (seen[index - 1]?.bytes ?? 0)));
  });

  it("says that a journal takes no imports", async () => {
    everything();
    const journal = new JournalStore(null, new SetClock(), "There is no database.");
    const prices = createPriceCatalog(() => new Date("2026-11-01"));
    const places = [{ agent: null, path: store.folder }];
    await assert.rejects(
      importHistory({ places, signal: never }, journal, prices),
      /only be imported into the shared store. There is no database/,
    );
    await journal.close();
  });
});

describe("places of other agents", () => {
  const store = new ImportedStore();
  beforeEach(() => store.open());
  afterEach(() => store.close());
  after(() => store.scratch.remove());
  const folder = (...parts: readonly string[]) => {
    const full = path.join(store.folder, ...parts);
    mkdirSync(full, { recursive: true });
    return full;
  };
  const at = (env: { readonly [name: string]: string }) =>
    defaultPlaces(env, store.folder).map((place) => `${place.agent} ${place.path}`);

  it("are those in the home, as far as they are there", () => {
    assert.deepEqual(at({}), []);
    const claude = folder(".claude", "projects");
    const codex = folder(".codex", "sessions");
    assert.deepEqual(at({}), [`claude-code ${claude}`, `codex ${codex}`]);
    const config = folder(".config", "claude", "projects");
    assert.deepEqual(at({}), [`claude-code ${claude}`, `claude-code ${config}`, `codex ${codex}`]);
  });

  it("are those that the agents' own variables name", () => {
    folder(".claude", "projects");
    const [one, two, three] = [folder("one", "projects"), folder("two", "projects"), folder("three", "sessions")];
    const env = { CLAUDE_CONFIG_DIR: `${path.dirname(one)}, ${path.dirname(two)}`, CODEX_HOME: path.dirname(three) };
    assert.deepEqual(at(env), [`claude-code ${one}`, `claude-code ${two}`, `codex ${three}`]);
  });

  it("are measured before anything is read", async () => {
    const [claude, none] = await survey(
      [
        { agent: "claude-code", path: path.join(FIXTURES, "claude") },
        { agent: "codex", path: path.join(store.folder, "none") },
      ],
      never,
    );
    assert.deepEqual([claude?.files, (claude?.bytes ?? 0) > 5_000, none?.files, none?.bytes], [1, true, 0, 0]);
  });
});
