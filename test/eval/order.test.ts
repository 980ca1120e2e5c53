import assert from "node:assert/strict";
import { interleave } from "../../scripts/eval/order";
import { readPolicies } from "../../scripts/eval/policies";
import type { Task } from "../../scripts/eval/tasks";

const task = (name: string): Task => ({ name, language: "", needs: [], check: "", timeoutSeconds: 1, dir: "", digest: "" });

describe("the order of tries", () => {
  const policies = readPolicies("unrestricted,fixed:5,dynamic");
  const slots = interleave(["a", "b", "c"].map(task), policies, 3);

  it("has every try once, and all policies side by side on a task", () => {
    const names = slots.map((slot) => `${slot.repeat} ${slot.task.name} ${slot.policy.name}`);
    assert.equal(new Set(names).size, 27);
    for (let at = 0; at < slots.length; at += 3) {
      const three = slots.slice(at, at + 3);
      assert.equal(new Set(three.map((slot) => `${slot.repeat} ${slot.task.name}`)).size, 1);
      assert.equal(new Set(three.map((slot) => slot.policy.name)).size, 3);
    }
  });

  it("lets each policy come first equally often, over tasks and on each task over repeats", () => {
    const firsts = slots.filter((_, at) => at % 3 === 0);
    for (const { name } of policies) {
      assert.equal(firsts.filter((slot) => slot.policy.name === name).length, 3);
      assert.deepEqual(new Set(firsts.filter((slot) => slot.policy.name === name).map((slot) => slot.task.name)).size, 3);
    }
  });
});
