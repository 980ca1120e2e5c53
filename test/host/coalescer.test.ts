import assert from "node:assert/strict";
import { Coalescer } from "../../src/host/coalescer";

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("Coalescer", () => {
  it("works at once, then at most once per interval, and never misses the last", async () => {
    const times: number[] = [];
    const start = performance.now();
    const coalescer = new Coalescer(() => times.push(performance.now() - start), 40);
    const poking = setInterval(() => coalescer.poke(), 2);
    coalescer.poke();
    assert.equal(times.length, 1);
    await sleep(210);
    clearInterval(poking);
    const before = times.length;
    coalescer.poke();
    await sleep(60);
    coalescer.dispose();
    assert.ok(before >= 3 && before <= 6, `${before} times`);
    for (const [index, time] of times.entries()) {
      const last = times[index - 1];
      if (last !== undefined) assert.ok(time - last >= 38, `${time - last} ms apart`);
    }
    assert.ok((times.at(-1) ?? 0) > 200);
  });

  it("does nothing after it is disposed", async () => {
    let works = 0;
    const coalescer = new Coalescer(() => works++, 5);
    coalescer.poke();
    coalescer.poke();
    coalescer.dispose();
    coalescer.poke();
    coalescer.flush();
    await sleep(15);
    assert.equal(works, 1);
  });
});
