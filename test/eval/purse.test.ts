import assert from "node:assert/strict";
import { type Draw, Purse } from "../../scripts/eval/purse";
import { usd } from "../../src/core/money";

const granted = (draw: Draw) => (draw.kind === "grant" ? draw.grant : assert.fail(`it says ${draw.kind}`));

describe("the purse of an evaluation", () => {
  it("gives each try what is left where tries have no cap of their own", () => {
    const purse = new Purse(usd(1), null);
    const first = granted(purse.draw());
    assert.deepEqual(first, { usd: usd(1), whole: false });
    purse.settle(first, usd(0.25));
    assert.deepEqual(granted(purse.draw()), { usd: usd(0.75), whole: false });
  });

  it("holds what running tries may spend, and makes a try wait for its whole share", () => {
    const purse = new Purse(usd(1), usd(0.4));
    const [first, second] = [granted(purse.draw()), granted(purse.draw())];
    assert.deepEqual(
      [first, second],
      [
        { usd: usd(0.4), whole: true },
        { usd: usd(0.4), whole: true },
      ],
    );
    assert.equal(purse.draw().kind, "wait");
    purse.settle(first, usd(0.1));
    assert.deepEqual(granted(purse.draw()), { usd: usd(0.4), whole: true });
  });

  it("gives the last try what is left, marked as less than a whole share, and then nothing", () => {
    const purse = new Purse(usd(1), usd(0.4), usd(0.7));
    const last = granted(purse.draw());
    assert.equal(last.whole, false);
    assert.equal(last.usd, 300_000_000);
    purse.settle(last, usd(0.3));
    assert.equal(purse.draw().kind, "empty");
  });

  it("takes a cost that is not known for all that was granted", () => {
    const purse = new Purse(usd(1), usd(0.4));
    purse.settle(granted(purse.draw()), null);
    assert.equal(purse.spent, usd(0.4));
  });

  it("is empty when more was spent before than it may hold, and never so without a cap", () => {
    assert.equal(new Purse(usd(1), usd(0.4), usd(2)).draw().kind, "empty");
    assert.deepEqual(granted(new Purse(null, null, usd(9)).draw()), { usd: null, whole: true });
    assert.deepEqual(granted(new Purse(null, usd(0.1), usd(9)).draw()), { usd: usd(0.1), whole: true });
  });
});
