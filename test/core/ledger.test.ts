import assert from "node:assert/strict";
import {
  type CallDemand,
  chargeAtBound,
  chargeOf,
  LANDING_OUTPUT,
  LANDING_TAIL,
  overrunOf,
  planCall,
} from "../../src/core/ledger";
import type { ScopeBalance } from "../../src/core/ports";
import { costOf, dearestRates, type PriceRow, ratePerMillion, worstCase } from "../../src/core/pricing";
import { NO_USAGE } from "../../src/core/usage";
import { dollars, PRICE, priceRow } from "../support/scriptedRun";

const demand: CallDemand = { purpose: "turn", inputUpper: 10_000, requestedOutput: 8_000, reasoning: false, price: PRICE };

function scope(change: Partial<ScopeBalance>): ScopeBalance {
  const zero = { settledUsd: dollars(0), settledTokens: 0, reservedUsd: dollars(0), reservedTokens: 0 };
  return { id: "run:1", kind: "run", capUsd: null, capTokens: null, ...zero, ...change };
}

describe("the plan of a call", () => {
  it("asks for all that is wanted when nothing is capped", () => {
    const planned = planCall(demand, [scope({})]);
    assert.ok(planned.kind === "send" && !planned.clamped);
    assert.equal(planned.plan.maxOutput, 8_000);
    // 10,000 x $3.75 (a cache write is the dearest an input token can be) + 8,000 x $15, per million.
    assert.equal(planned.plan.worstUsd, dollars(0.0375 + 0.12));
  });

  it("lowers the output limit until this call and a landing after it fit what is left", () => {
    const planned = planCall(demand, [scope({ capUsd: dollars(0.2), settledUsd: dollars(0.02), reservedUsd: dollars(0.01) })]);
    assert.ok(planned.kind === "send" && planned.clamped);
    const { maxOutput, worstUsd } = planned.plan;
    const landing = worstCase(PRICE, 10_000 + maxOutput + LANDING_TAIL, LANDING_OUTPUT);
    assert.ok((worstUsd ?? 0) + landing <= dollars(0.17));
    const oneMore =
      worstCase(PRICE, 10_000, maxOutput + 2) + worstCase(PRICE, 10_000 + maxOutput + 2 + LANDING_TAIL, LANDING_OUTPUT);
    assert.ok(oneMore > dollars(0.17), "the limit is not lower than it has to be");
  });

  it("is short below the useful floor, which is higher for models that think inside it", () => {
    const capUsd = dollars(0.15);
    assert.equal(planCall(demand, [scope({ capUsd })]).kind, "send");
    assert.equal(planCall({ ...demand, reasoning: true }, [scope({ capUsd })]).kind, "short");
    const short = planCall(demand, [scope({ capUsd: dollars(0.05) })]);
    assert.ok(short.kind === "short" && short.unit === "usd");
  });

  it("is bound by the scarcest of all scopes and units", () => {
    const day = scope({ id: "day", kind: "day", capTokens: 24_000 });
    const planned = planCall(demand, [scope({ capUsd: dollars(100) }), day]);
    assert.ok(planned.kind === "send");
    assert.ok(planned.plan.maxOutput < 1_700 && planned.plan.maxOutput > 1_024, String(planned.plan.maxOutput));
    const none = planCall(demand, [scope({}), scope({ id: "day", capTokens: 0 })]);
    assert.ok(none.kind === "short" && none.unit === "tokens" && none.scope.id === "day");
  });

  it("never fits a dollar cap without a price", () => {
    const planned = planCall({ ...demand, price: null }, [scope({ capUsd: dollars(1_000) })]);
    assert.ok(planned.kind === "short" && planned.unit === "usd");
    assert.equal(planCall({ ...demand, price: null }, [scope({})]).kind, "send");
  });

  it("sends a landing with what was held back for it", () => {
    const landing: CallDemand = { ...demand, purpose: "landing" };
    const planned = planCall(landing, [scope({ capUsd: dollars(0.0375 + 0.015 + 0.000001) })]);
    assert.ok(planned.kind === "send");
    assert.ok(planned.plan.maxOutput >= LANDING_OUTPUT - 1);
  });
});

describe("a charge", () => {
  const usage = { ...NO_USAGE, freshInput: 20_000, cacheRead: 80_000, output: 5_000 };

  it("prefers the provider's own figure and keeps the computed one beside it", () => {
    const charge = chargeOf(usage, false, dollars(0.2), PRICE);
    assert.deepEqual([charge.usd, charge.provenance], [dollars(0.2), "reported"]);
    assert.equal(charge.computedUsd, dollars(0.06 + 0.024 + 0.075));
  });

  it("is unknown, not zero, without a price", () => {
    const charge = chargeOf(usage, false, null, null);
    assert.deepEqual([charge.usd, charge.provenance], [null, "unknown"]);
  });

  it("takes a bound at the dearest rate and calls it estimated", () => {
    const charge = chargeAtBound({ ...NO_USAGE, freshInput: 1_000_000, output: 0 }, PRICE);
    assert.deepEqual([charge.usd, charge.provenance], [dollars(3.75), "estimated"]);
  });

  it("measures what a provider billed beyond the bound", () => {
    const plan = { maxOutput: 1_000, requestedOutput: 1_000, inputUpper: 100_000, worstUsd: dollars(0.1), worstTokens: 101_000 };
    assert.equal(overrunOf(chargeOf({ ...NO_USAGE, freshInput: 1_000 }, false, null, PRICE), plan), null);
    const over = overrunOf(chargeOf({ ...NO_USAGE, freshInput: 0, output: 110_000 }, false, null, PRICE), plan);
    assert.deepEqual(over, { usd: dollars(1.65 - 0.1), tokens: 9_000 });
  });
});

describe("prices", () => {
  it("bills a whole request at the tier its prompt reaches", () => {
    const [low] = priceRow(2.5, 0.25, 2.5, 15).tiers;
    const [high] = priceRow(5, 0.5, 5, 22.5).tiers;
    const tiered: PriceRow = { ...PRICE, tiers: [low, { ...high, aboveInputTokens: 272_000 }] };
    const usage = { ...NO_USAGE, freshInput: 100_000, cacheRead: 200_000, output: 10_000 };
    assert.equal(costOf(usage, tiered), dollars(0.5 + 0.1 + 0.225));
    assert.equal(costOf({ ...usage, cacheRead: 100_000 }, tiered), dollars(0.25 + 0.025 + 0.15));
    assert.equal(dearestRates(tiered, 272_000).input, ratePerMillion(2.5));
    assert.equal(dearestRates(tiered, 272_001).input, ratePerMillion(5));
  });

  it("keeps rates below a tenth of a cent per million exact", () => {
    const cheap = priceRow(0.0028, 0.00028, 0.0028, 0.01);
    assert.equal(costOf({ ...NO_USAGE, cacheRead: 1_000_000 }, cheap), 280_000);
    assert.equal(costOf({ ...NO_USAGE, cacheRead: 1 }, cheap), 1, "rounded up to a whole nano-dollar, once");
  });
});
