import assert from "node:assert/strict";
import path from "node:path";
import { agentEnv } from "../../scripts/eval/environment";
import { lacks, loadTasks } from "../../scripts/eval/tasks";
import { faultOfSolution, faultOfTask } from "../../scripts/eval/verify";
import { NODE } from "../support/cli";

declare const __TEST_ROOT__: string;

describe("the tasks that come with the evaluation", function () {
  this.timeout(150_000);
  const tasks = loadTasks(path.join(__TEST_ROOT__, "samples/tasks"), null);
  const here = tasks.filter((task) => lacks(task, agentEnv(process.env, NODE)).length === 0);

  it("are ten, in several languages, and at least six need Node alone", () => {
    assert.equal(tasks.length, 10);
    assert.ok(new Set(tasks.map((task) => task.language)).size >= 6);
    const nodeAlone = tasks.filter((task) => task.needs.every((need) => /^node(>=|$)/.test(need)));
    assert.ok(nodeAlone.length >= 6);
    assert.deepEqual(
      nodeAlone.filter((task) => !here.includes(task)),
      [],
    );
  });

  for (const task of here) {
    it(`${task.name}: the check fails on the task as it is, and passes on its solution`, async () => {
      assert.equal(await faultOfTask(task, process.env, NODE), null);
      assert.equal(await faultOfSolution(task, process.env, NODE), null);
    });
  }
});
