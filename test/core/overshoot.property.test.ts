import assert from "node:assert/strict";
import fc from "fast-check";
import type { StampedEvent } from "../../src/core/agentEvent";
import { fullText } from "../../src/core/conversation";
import type { ModelRequest, ModelResult } from "../../src/core/ports";
import { costOf, type PriceRow } from "../../src/core/pricing";
import { startRun } from "../../src/core/session";
import { cappedTokens, NO_USAGE, type Usage } from "../../src/core/usage";
import { answered, call, config, dollars, echo, fakeTool, finish, type Play, priceRow, testPorts } from "../support/scriptedRun";

/** Sessions in all; each is a whole run with its own prices, caps, provider and mishaps. */
const SESSIONS = 10_000;

/** What an honest provider does with one call: usage within the bounds it was sent, whole or cut, billed to the token. */
const callArb = fc.record({
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constant("tools" as const) },
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        "refused" as const,
        "cut" as const,
        "cutWithUsage" as const,
        "cutEarly" as const,
        "noUsage" as const,
        "empty" as const,
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom("text" as const, "finish" as const, "stop" as const) },
  ),
  inputShare: fc.double({ min: 0.05, max: 1, noNaN: true }),
  cacheShare: fc.double({ min: 0, max: 1, noNaN: true }),
  outputShare: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  resultChars: fc.constantFrom(0, 40, 4_000, 60_000),
  calls: fc.integer({ min: 1, max: 3 }),
  /** Of a broken call: how long nothing had come, and the share generated meanwhile of what its speed allows. */
  silentMs: fc.constantFrom(0, 40, 2_000, 30_000, 300_000),
  hiddenShare: fc.double({ min: 0, max: 1, noNaN: true }),
});

const sessionArb = fc.record({
  price: fc
    .record({
      input: fc.integer({ min: 0, max: 3_000 }).map((cents) => cents / 100),
      read: fc.double({ min: 0, max: 1, noNaN: true }),
      write: fc.double({ min: 0, max: 2, noNaN: true }),
      output: fc.integer({ min: 0, max: 15_000 }).map((cents) => cents / 100),
    })
    .map(({ input, read, write, output }) => priceRow(input, input * read, input * write, output)),
  usd: fc.option(
    fc.integer({ min: 1, max: 300 }).map((cents) => cents / 100),
    { nil: null },
  ),
  tokens: fc.option(fc.integer({ min: 0, max: 400_000 }), { nil: null }),
  turns: fc.integer({ min: 0, max: 24 }),
  reasoning: fc.boolean(),
  /** Tokens the provider's tokenizer makes of one counted by ours; `null` = anything within the bound, always reported. */
  tokenizer: fc.option(fc.double({ min: 0.05, max: 1, noNaN: true }), { nil: null }),
  requestedOutput: fc.constantFrom(500, 4_096, 8_192, 64_000),
  calls: fc.array(callArb, { minLength: 1, maxLength: 14 }),
});

type Session = typeof sessionArb extends fc.Arbitrary<infer T> ? T : never;
type Call = Session["calls"][number];

/** The provider's own books, kept apart from the product's. */
interface Bill {
  usd: number;
  tokens: number;
}

function honestProvider(session: Session, bill: Bill, bound: () => number, stop: () => void): Play {
  return (request, index) => {
    const planned = session.calls[index % session.calls.length];
    if (!planned) throw new Error("a session has calls");
    const call = session.tokenizer === null && isSilent(planned.kind) ? { ...planned, kind: "tools" as const } : planned;
    if (call.kind === "refused") return { kind: "refused", reason: "429", retry: "later", askedMs: 0 };
    if (call.kind === "stop") stop();
    const usage = usageWithin(session, call, request, bound());
    bill.usd += costOf(usage, session.price);
    bill.tokens += cappedTokens(usage);
    return reply(call, index, usage);
  };
}

/** What a prompt really takes, where nobody reports it: the same tokens as the product counts, without any margin. */
function countedPrompt(request: ModelRequest): number {
  const texts = request.messages.map(
    (message) => fullText(message) + ("toolCalls" in message ? JSON.stringify(message.toolCalls) : ""),
  );
  return texts.reduce((sum, text) => sum + Math.floor(text.length / 4), Math.floor(JSON.stringify(request.tools).length / 4));
}

function usageWithin(session: Session, call: Call, request: ModelRequest, inputUpper: number): Usage {
  const { tokenizer } = session;
  const input = Math.floor(tokenizer === null ? inputUpper * call.inputShare : countedPrompt(request) * tokenizer);
  const cacheRead = Math.floor(input * call.cacheShare);
  const isCounted = !isSilent(call.kind) && call.kind !== "cutEarly";
  const output = !isCounted ? silentOutput(session, call, request) : Math.floor(request.maxOutput * call.outputShare);
  return { ...NO_USAGE, freshInput: input - cacheRead, cacheRead, output };
}

/** Tokens a second. */
const FASTEST = 300;

/**
 * A provider that sends no last usage has produced what can be counted in what it sent, 10 tokens, and what fits the silence
 * after it; or, unseen, any thinking within the limit.
 */
function silentOutput({ reasoning }: Session, call: Call, { maxOutput }: ModelRequest): number {
  if (reasoning) return Math.floor(maxOutput * call.outputShare);
  const unseen = call.kind === "noUsage" ? 0 : (call.silentMs / 1000) * FASTEST * call.hiddenShare;
  return Math.min(maxOutput, Math.floor(10 + unseen));
}

function isSilent(kind: Call["kind"]): boolean {
  return kind === "cut" || kind === "noUsage" || kind === "stop";
}

function reply(which: Call, index: number, usage: Usage): ModelResult {
  const input = usage.freshInput + usage.cacheRead;
  const reported = {
    prompt_tokens: input,
    completion_tokens: usage.output,
    total_tokens: input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cacheRead },
  };
  const partial = { text: "x".repeat(40), toolCalls: [], finish: "unknown" as const, reasoning: "" };
  const { silentMs } = which;
  switch (which.kind) {
    case "text":
      return answered({ text: "done", usage: reported });
    case "empty":
      return answered({ usage: reported });
    case "finish":
      return answered({ toolCalls: [call("finish", { summary: "" })], usage: reported });
    case "noUsage":
      return answered({ text: "x".repeat(40), toolCalls: [call("echo", { index })], usage: null });
    case "cut":
      return { kind: "broken", reason: "cut", cause: "cut", partial, silentMs, bill: null };
    case "stop":
      return { kind: "broken", reason: "stopped", cause: "cancelled", partial, silentMs, bill: null };
    case "cutEarly":
      return {
        ...{ kind: "broken", reason: "cut", cause: "cut", partial, silentMs },
        bill: { usage: { ...reported, completion_tokens: 5, total_tokens: input + 5 }, cost: undefined, early: true },
      };
    case "cutWithUsage":
      return { kind: "broken", reason: "cut", cause: "cut", partial, silentMs, bill: { usage: reported, cost: undefined } };
    default: {
      const toolCalls = Array.from({ length: which.calls }, (_, n) =>
        call("big", { chars: which.resultChars, index, n }, `c${index}-${n}`),
      );
      return answered({ toolCalls, usage: reported });
    }
  }
}

const big = fakeTool("big", (args) => {
  const chars = typeof args === "object" && args !== null && "chars" in args ? Number(args.chars) : 0;
  return { ok: true, text: "y".repeat(chars) };
});

async function play(session: Session) {
  const bill: Bill = { usd: 0, tokens: 0 };
  const events: StampedEvent[] = [];
  let upper = 0;
  let stop = () => {};
  const ports = testPorts(
    honestProvider(
      session,
      bill,
      () => upper,
      () => stop(),
    ),
    { tools: [echo, big, finish] },
    [],
    events,
  );
  const caps = {
    turns: session.turns,
    usd: session.usd === null ? null : dollars(session.usd),
    tokens: session.tokens,
    minutes: null,
  };
  const model = { id: "gpt-test", baseUrl: null, reasoning: session.reasoning, maxOutput: null, contextWindow: null };
  const run = await startRun(
    config({ caps, model, price: session.price, requestedOutput: session.requestedOutput }),
    ports,
    (event) => {
      if (event.kind === "reserved") upper = event.plan.inputUpper;
    },
  );
  stop = () => run.stop();
  const outcome = await run.ended;
  return { bill, caps, totals: run.state.totals, outcome, turns: run.state.turns.length, price: session.price as PriceRow };
}

describe("no run passes its cap", () => {
  it(`holds for ${SESSIONS} random sessions against an honest provider, and every billed token is charged`, async function () {
    this.timeout(240_000);
    let landedByMoney = 0;
    await fc.assert(
      fc.asyncProperty(sessionArb, async (session) => {
        const { bill, caps, totals, outcome, turns } = await play(session);
        if (caps.usd !== null) {
          assert.ok(bill.usd <= caps.usd, `billed ${bill.usd} under a cap of ${caps.usd}`);
          assert.ok(totals.usd <= caps.usd, `charged ${totals.usd} under a cap of ${caps.usd}`);
        }
        if (caps.tokens !== null)
          assert.ok(bill.tokens <= caps.tokens, `billed ${bill.tokens} tokens under a cap of ${caps.tokens}`);
        assert.ok(turns <= session.turns);
        assert.ok(totals.usd >= bill.usd, `charged ${totals.usd}, billed ${bill.usd}`);
        assert.ok(totals.tokens >= bill.tokens);
        assert.equal(totals.overrunUsd, 0);
        if (outcome.kind === "stopped" && outcome.reason === "dollars") landedByMoney += 1;
      }),
      { numRuns: SESSIONS },
    );
    assert.ok(landedByMoney > SESSIONS / 20, `only ${landedByMoney} sessions came to their dollar cap`);
  });
});
