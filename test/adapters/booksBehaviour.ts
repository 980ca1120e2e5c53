import assert from "node:assert/strict";
import fc from "fast-check";
import { type NanoUsd, nano, ZERO_USD } from "../../src/core/money";
import type { Books, ReservationRequest, ScopeBalance } from "../../src/core/ports";
import { cents, fresh, request, settlement } from "./storeSamples";

const amounts = ({ settledUsd, settledTokens, reservedUsd, reservedTokens }: ScopeBalance) => ({
  settled: [settledUsd, settledTokens],
  reserved: [reservedUsd, reservedTokens],
});

/**
 * What all books do. `open` gives one or more views of the same books, as several windows have them; ids of scopes and
 * reservations are fresh in each test.
 */
export function describeBooks(name: string, open: () => Promise<readonly [Books, ...Books[]]>): void {
  describe(`${name}: books`, () => {
    let views: readonly [Books, ...Books[]];
    let books: Books;
    before(async () => {
      views = await open();
      books = views[0];
    });

    async function scope(capUsd: NanoUsd | null, capTokens: number | null = null): Promise<string> {
      const id = fresh("scope");
      await books.openScope({ id, kind: "run", capUsd, capTokens });
      return id;
    }

    async function balance(id: string): Promise<ScopeBalance> {
      const [found] = await books.balances([id]);
      assert.ok(found);
      return found;
    }

    it("grants a reservation that reaches the cap exactly, and refuses the next with the scope that is full", async () => {
      const id = await scope(cents(10));
      assert.deepEqual(await books.reserve(request([id], { usd: cents(10), tokens: 5 })), { ok: true });
      const refused = await books.reserve(request([id], { usd: nano(1), tokens: 5 }));
      assert.ok(!refused.ok);
      assert.equal(refused.scope.id, id);
      assert.equal(refused.scope.reservedUsd, cents(10));
      assert.deepEqual(amounts(await balance(id)), { settled: [0, 0], reserved: [cents(10), 5] });
    });

    it("holds a reservation in all of its scopes or in none", async () => {
      const run = await scope(cents(100), 1_000);
      const day = await scope(cents(5));
      const refused = await books.reserve(request([run, day], { usd: cents(6), tokens: 10 }));
      assert.ok(!refused.ok);
      assert.equal(refused.scope.id, day);
      assert.deepEqual(amounts(await balance(run)), { settled: [0, 0], reserved: [0, 0] });
      assert.ok((await books.reserve(request([run, day], { usd: cents(5), tokens: 10 }))).ok);
      assert.deepEqual(amounts(await balance(run)).reserved, [cents(5), 10]);
      assert.deepEqual(amounts(await balance(day)).reserved, [cents(5), 10]);
    });

    it("caps tokens as it caps dollars", async () => {
      const id = await scope(null, 100);
      assert.ok((await books.reserve(request([id], { usd: null, tokens: 60 }))).ok);
      assert.ok(!(await books.reserve(request([id], { usd: null, tokens: 41 }))).ok);
      assert.ok((await books.reserve(request([id], { usd: null, tokens: 40 }))).ok);
    });

    it("takes null for no cap and 0 for nothing", async () => {
      const none = await scope(null);
      assert.ok((await books.reserve(request([none], { usd: cents(1_000_000), tokens: 1e9 }))).ok);
      const nothing = await scope(ZERO_USD, null);
      assert.ok(!(await books.reserve(request([nothing], { usd: nano(1), tokens: 0 }))).ok);
      assert.ok((await books.reserve(request([nothing], { usd: ZERO_USD, tokens: 10 }))).ok);
    });

    it("refuses an unknown price under a dollar cap, however large", async () => {
      const id = await scope(cents(1_000));
      assert.ok(!(await books.reserve(request([id], { usd: null, tokens: 1 }))).ok);
    });

    it("moves what was really spent from reserved to settled, and frees the rest", async () => {
      const id = await scope(cents(10));
      const call = request([id], { usd: cents(8), tokens: 100 });
      await books.reserve(call);
      await books.settle(call.id, settlement(cents(3), 40));
      assert.deepEqual(amounts(await balance(id)), { settled: [cents(3), 40], reserved: [0, 0] });
      assert.ok((await books.reserve(request([id], { usd: cents(7), tokens: 1 }))).ok);
    });

    it("settles above the bound what a provider billed above the bound", async () => {
      const id = await scope(cents(10));
      const call = request([id], { usd: cents(8), tokens: 100 });
      await books.reserve(call);
      await books.settle(call.id, settlement(cents(12), 150));
      assert.deepEqual(amounts(await balance(id)), { settled: [cents(12), 150], reserved: [0, 0] });
      assert.ok(!(await books.reserve(request([id], { usd: nano(1), tokens: 1 }))).ok);
    });

    it("counts an unknown cost at its worst case, never as 0", async () => {
      const capped = await scope(cents(10));
      const call = request([capped], { usd: cents(8), tokens: 100 });
      await books.reserve(call);
      await books.settle(call.id, settlement(null, 60));
      assert.deepEqual(amounts(await balance(capped)), { settled: [cents(8), 60], reserved: [0, 0] });
    });

    it("frees all of a released reservation", async () => {
      const id = await scope(cents(10));
      const call = request([id], { usd: cents(8), tokens: 100 });
      await books.reserve(call);
      await books.release(call.id, "429");
      assert.deepEqual(amounts(await balance(id)), { settled: [0, 0], reserved: [0, 0] });
    });

    it("ends a reservation once: a second settlement or release is an error and changes nothing", async () => {
      const id = await scope(cents(10));
      const call = request([id], { usd: cents(8), tokens: 100 });
      await books.reserve(call);
      await books.settle(call.id, settlement(cents(3), 40));
      const once = amounts(await balance(id));
      await assert.rejects(books.settle(call.id, settlement(cents(3), 40)), /already settled/);
      await assert.rejects(books.release(call.id, "late"), /already settled/);
      const other = request([id], { usd: cents(1), tokens: 1 });
      await books.reserve(other);
      await books.release(other.id, "refused");
      await assert.rejects(books.settle(other.id, settlement(cents(1), 1)), /already released/);
      await assert.rejects(books.settle("never made", settlement(cents(1), 1)), /no reservation/);
      assert.deepEqual(amounts(await balance(id)), once);
    });

    it("refuses a second reservation of the same id, and one over scopes nobody opened", async () => {
      const id = await scope(cents(10));
      const call = request([id], { usd: cents(1), tokens: 1 });
      await books.reserve(call);
      await assert.rejects(books.reserve(call), /exists already/);
      await assert.rejects(books.reserve(request([id, "never opened"], { usd: cents(1), tokens: 1 })), /never opened/);
      await assert.rejects(books.reserve(request([], { usd: cents(1), tokens: 1 })), /at least one scope/);
      await assert.rejects(books.balances([id, "never opened"]), /never opened/);
      assert.deepEqual(amounts(await balance(id)).reserved, [cents(1), 1]);
    });

    it("counts a scope that is named twice once", async () => {
      const id = await scope(cents(10));
      assert.ok((await books.reserve(request([id, id], { usd: cents(6), tokens: 1 }))).ok);
      assert.deepEqual(amounts(await balance(id)).reserved, [cents(6), 1]);
    });

    it("refuses amounts that are no amounts", async () => {
      const id = await scope(cents(10));
      for (const tokens of [-1, 0.5, Number.NaN]) {
        await assert.rejects(books.reserve(request([id], { usd: cents(1), tokens })), RangeError);
      }
      const call = request([id], { usd: cents(1), tokens: 1 });
      await books.reserve(call);
      await assert.rejects(books.settle(call.id, settlement(cents(1), -1)), RangeError);
      await assert.rejects(books.openScope({ id: "bad", kind: "run", capUsd: null, capTokens: 1.5 }), RangeError);
      assert.deepEqual(amounts(await balance(id)), { settled: [0, 0], reserved: [cents(1), 1] });
    });

    it("takes new caps from the next reservation on, and keeps what was spent", async () => {
      const id = await scope(cents(10));
      const call = request([id], { usd: cents(10), tokens: 1 });
      await books.reserve(call);
      await books.settle(call.id, settlement(cents(10), 1));
      assert.ok(!(await books.reserve(request([id], { usd: cents(1), tokens: 1 }))).ok);
      await books.openScope({ id, kind: "run", capUsd: cents(11), capTokens: null });
      assert.equal((await balance(id)).settledUsd, cents(10));
      assert.ok((await books.reserve(request([id], { usd: cents(1), tokens: 1 }))).ok);
      await books.openScope({ id, kind: "run", capUsd: cents(5), capTokens: null });
      assert.ok(!(await books.reserve(request([id], { usd: ZERO_USD, tokens: 1 }))).ok);
    });

    it("keeps the largest ratio of reported to counted input seen for a model", async () => {
      const model = fresh("model");
      assert.equal(await books.inputFactor(model), null);
      for (const ratio of [1.02, 1.07, 0.9, Number.NaN, Number.POSITIVE_INFINITY, -3]) await books.observeInput(model, ratio);
      assert.equal(await books.inputFactor(model), 1.07);
      assert.equal(await books.inputFactor(fresh("model")), null);
    });

    it("never passes a cap, whatever is reserved, settled and released in whatever order", async function () {
      this.timeout(60_000);
      await fc.assert(
        fc.asyncProperty(arbCaps, fc.array(arbStep, { maxLength: 40 }), (caps, steps) => play(views, caps, steps)),
        {
          numRuns: 150,
        },
      );
    });
  });
}

interface Cap {
  readonly usd: NanoUsd | null;
  readonly tokens: number | null;
}

/** One act of one window; several in a row with `together` are not waited for one by one. */
interface Step {
  readonly act: "reserve" | "settle" | "settleUnknown" | "release";
  readonly view: number;
  readonly scopes: readonly number[];
  readonly usd: number | null;
  readonly tokens: number;
  /** Which of the open reservations, and how much of its worst case was used, in per mille. */
  readonly pick: number;
  readonly used: number;
  readonly together: boolean;
}

const arbCaps = fc.array(
  fc.record({
    usd: fc.option(fc.integer({ min: 0, max: 100 }).map(nano), { freq: 4 }),
    tokens: fc.option(fc.integer({ min: 0, max: 100 }), { freq: 4 }),
  }),
  { minLength: 1, maxLength: 3 },
);

const arbStep: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom<Step["act"]>("reserve", "reserve", "settle", "settleUnknown", "release"),
  view: fc.nat(7),
  scopes: fc.array(fc.nat(2), { minLength: 1, maxLength: 3 }),
  usd: fc.option(fc.integer({ min: 0, max: 40 }), { freq: 8 }),
  tokens: fc.integer({ min: 0, max: 40 }),
  pick: fc.nat(50),
  used: fc.integer({ min: 0, max: 1_000 }),
  together: fc.boolean(),
});

/** Plays the steps and looks at all balances after each; at the end nothing is reserved that was not left open. */
async function play(views: readonly [Books, ...Books[]], caps: readonly Cap[], steps: readonly Step[]): Promise<void> {
  const ids = caps.map(() => fresh("scope"));
  for (const [index, cap] of caps.entries()) {
    await views[0].openScope({ id: ids[index] ?? "", kind: "day", capUsd: cap.usd, capTokens: cap.tokens });
  }
  const open: ReservationRequest[] = [];
  let pending: Promise<unknown>[] = [];
  for (const step of steps) {
    const books = views[step.view % views.length] ?? views[0];
    pending.push(take(books, ids, open, step));
    if (!step.together) {
      await Promise.all(pending);
      pending = [];
    }
    for (const view of views) assertWithin(await view.balances(ids));
  }
  await Promise.all(pending);
  const held = new Map(ids.map((id) => [id, { usd: 0, tokens: 0 }]));
  for (const { scopes, worst } of open) {
    for (const id of new Set(scopes)) {
      const sum = held.get(id) ?? { usd: 0, tokens: 0 };
      held.set(id, { usd: sum.usd + (worst.usd ?? 0), tokens: sum.tokens + worst.tokens });
    }
  }
  for (const balance of await views[0].balances(ids)) {
    assert.deepEqual({ usd: balance.reservedUsd, tokens: balance.reservedTokens }, held.get(balance.id));
  }
}

async function take(books: Books, ids: readonly string[], open: ReservationRequest[], step: Step): Promise<void> {
  if (step.act === "reserve") {
    const scopes = step.scopes.map((index) => ids[index % ids.length] ?? "");
    const call = request(scopes, { usd: step.usd === null ? null : nano(step.usd), tokens: step.tokens });
    if ((await books.reserve(call)).ok) open.push(call);
    return;
  }
  const [call] = open.splice(step.pick % Math.max(1, open.length), 1);
  if (!call) return;
  const part = (whole: number) => Math.floor((whole * step.used) / 1_000);
  if (step.act === "release") await books.release(call.id, "not sent");
  else if (step.act === "settleUnknown" || call.worst.usd === null)
    await books.settle(call.id, settlement(null, part(call.worst.tokens)));
  else await books.settle(call.id, settlement(nano(part(call.worst.usd)), part(call.worst.tokens)));
}

function assertWithin(balances: readonly ScopeBalance[]): void {
  for (const { capUsd, capTokens, settledUsd, reservedUsd, settledTokens, reservedTokens } of balances) {
    if (capUsd !== null) assert.ok(settledUsd + reservedUsd <= capUsd, `${settledUsd} + ${reservedUsd} > ${capUsd}`);
    if (capTokens !== null) assert.ok(settledTokens + reservedTokens <= capTokens);
  }
}
