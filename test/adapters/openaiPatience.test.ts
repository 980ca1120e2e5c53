import assert from "node:assert/strict";
import { mock } from "node:test";
import { createOpenAiModel } from "../../src/adapters/openaiModel";
import { LONGEST_SILENCE_MS, patienceFor, type Work } from "../../src/adapters/openaiPatience";
import { ask } from "../support/providerClient";

describe("patience with a silent provider", () => {
  const plain: Work = { reasoning: false, mayCall: false, maxOutput: 8_000, local: false, whole: false };
  const seconds = (change: Partial<Work>) => {
    const { firstByteMs, betweenChunksMs } = patienceFor({ ...plain, ...change });
    return [firstByteMs / 1000, betweenChunksMs / 1000];
  };

  it("is short where nothing but text may come, and longer for a model that thinks", () => {
    assert.deepEqual(seconds({}), [60, 30]);
    assert.deepEqual(seconds({ reasoning: true }), [300, 60]);
  });

  it("lasts for all of the output where a call may be written in silence", () => {
    assert.deepEqual(seconds({ mayCall: true, maxOutput: 1_000 }), [120, 120]);
    assert.deepEqual(seconds({ mayCall: true, maxOutput: 4_000 }), [200, 200]);
    assert.deepEqual(seconds({ mayCall: true, maxOutput: 64_000 }), [300, 300]);
    assert.deepEqual(seconds({ mayCall: true, maxOutput: 4_000, reasoning: true }), [300, 200]);
  });

  it("is as long as can be for a model nearby, and for an answer in one piece", () => {
    const longest = [LONGEST_SILENCE_MS / 1000, LONGEST_SILENCE_MS / 1000];
    assert.deepEqual(seconds({ local: true }), longest);
    assert.deepEqual(seconds({ whole: true }), longest);
  });

  describe("at work", () => {
    beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "Date"] }));
    afterEach(() => mock.timers.reset());

    const settle = async () => {
      for (let round = 0; round < 5; round++) await new Promise((resolve) => setImmediate(resolve));
    };
    const event = (delta: object) => Buffer.from(`data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`);
    const called = { tool_calls: [{ index: 0, id: "c1", function: { name: "read", arguments: "{}" } }] };

    /** A hosted provider that says a word, is silent for so long, and then calls a tool. */
    async function endAfter(silentMs: number, toolChoice: "auto" | "none") {
      let out: ReadableStreamDefaultController<Uint8Array> | undefined;
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          out = controller;
        },
      });
      const model = createOpenAiModel({
        ...{ baseUrl: "https://provider.example/v1", apiKey: null, modelId: "m", reasoning: false },
        fetch: async () => new Response(body),
        clock: { now: () => Date.now() },
      });
      const asked = ask(model, { toolChoice, maxOutput: 4_000 });
      await settle();
      out?.enqueue(event({ content: "So." }));
      await settle();
      mock.timers.tick(silentMs);
      await settle();
      try {
        out?.enqueue(event(called));
        out?.enqueue(Buffer.from("data: [DONE]\n\n"));
        out?.close();
      } catch {
        // The reader has gone.
      }
      const { result } = await asked;
      return result.kind === "broken" ? result.cause : result.kind;
    }

    it("waits for a long call, but not for ever, nor where none may come", async () => {
      assert.equal(await endAfter(199_000, "auto"), "answered");
      assert.equal(await endAfter(201_000, "auto"), "stalled");
      assert.equal(await endAfter(31_000, "none"), "stalled");
    });
  });
});
