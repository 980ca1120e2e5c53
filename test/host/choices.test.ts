import assert from "node:assert/strict";
import { Choices } from "../../src/host/choices";
import { Memory } from "../../src/host/memory";
import { readSettings } from "../../src/host/settings";
import { FakeMemento } from "./stub/memento";

describe("Choices", () => {
  let values: { readonly [name: string]: unknown } = {};
  const settings = () => readSettings({ get: (name) => values[name] });

  beforeEach(() => {
    values = {};
  });

  it("keeps what was chosen for new tasks over a reload", async () => {
    const memento = new FakeMemento();
    const before = new Choices(new Memory(memento), settings);
    await before.set({ ...before.of(null), usd: 2, approval: "autoEdit" }, null);
    const after = new Choices(new Memory(memento), settings);
    assert.deepEqual([after.of(null).usd, after.of(null).approval], [2, "autoEdit"]);
  });

  it("lets a setting that changed later win, and only that one", async () => {
    const choices = new Choices(new Memory(new FakeMemento()), settings);
    await choices.set({ ...choices.of(null), usd: 2, minutes: 5 }, null);
    values = { maxUsd: 0.1 };
    assert.deepEqual([choices.of(null).usd, choices.of(null).minutes], [0.1, 5]);
  });

  it("keeps no turns that were chosen for another policy than the one that is set now", async () => {
    const choices = new Choices(new Memory(new FakeMemento()), settings);
    await choices.set({ ...choices.of(null), policy: "fixed", turns: 10 }, null);
    assert.equal(choices.of(null).turns, 10);
    values = { policy: "unrestricted" };
    assert.deepEqual([choices.of(null).policy, choices.of(null).turns], ["unrestricted", null]);
  });

  it("falls back to the settings when what was kept cannot be read", () => {
    const memento = new FakeMemento();
    for (const kept of [7, { choice: 1 }, { choice: { policy: "wild" }, defaults: {} }]) {
      memento.values.set("choice", kept);
      assert.equal(new Choices(new Memory(memento), settings).of(null).usd, 0.5);
    }
  });
});
