import assert from "node:assert/strict";
import { mock } from "node:test";
import { createOpenAiModel } from "../../src/adapters/openaiModel";
import { LONGEST_SILENCE_MS, patienceFor, type Silence } from "../../src/adapters/openaiPatience";
import { ask } from "../support/providerClient";

describe("patience with a silent provider", () => {
  const plain: Silence = { reasoning: false, local: false, whole: false, stalls: 0 };
  const seconds = (change: Partial<Silence>) => {
    const { firstByteMs, betweenChunksMs } = patienceFor({ ...plain, ...change });
    return [firstByteMs / 1000, betweenChunksMs / 1000];
  };

  it("is a minute, and more where a model first is loaded or thinks", () => {
    assert.deepEqual(seconds({}), [60, 60]);
    assert.deepEqual(seconds({ local: true }), [120, 60]);
    assert.deepEqual(seconds({ reasoning: true }), [300, 60]);
  });

  it("doubles each time it was too short, up to what can be waited for", () => {
    assert.deepEqual(seconds({ stalls: 1 }), [120, 120]);
    assert.deepEqual(seconds({ stalls: 2, local: true }), [300, 240]);
    assert.deepEqual(seconds({ stalls: 9 }), [300, 300]);
  });

  it("is as long as can be for an answer in one piece", () => {
    assert.deepEqual(seconds({ whole: true }), [LONGEST_SILENCE_MS / 1000, LONGEST_SILENCE_MS / 1000]);
  });

  describe("at work", () => {
    beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "Date"] }));
    afterEach(() => mock.timers.reset());

    const settle = async () => {
      for (let round = 0; round < 5; round++) await new Promise((resolve) => setImmediate(resolve));
    };
    const event = (delta: object) => Buffer.from(`data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`);
    const called = { tool_calls: [{ index: 0, id: "c1", function: { name: "read", arguments: "{}" } }] };

    /** A hosted provider that says a word, is silent for so long, and then calls a tool: how each of these calls ends. */
    async function ends(...silencesMs: number[]): Promise<string[]> {
      let out: ReadableStreamDefaultController<Uint8Array> | undefined;
      const body = () =>
        new ReadableStream<Uint8Array>({
          start(controller) {
            out = controller;
          },
        });
      const model = createOpenAiModel({
        baseUrl: "https://provider.example/v1",
        apiKey: null,
        modelId: "m",
        reasoning: false,
        fetch: async () => new Response(body()),
        clock: { now: () => Date.now() },
      });
      const found: string[] = [];
      for (const silentMs of silencesMs) {
        const asked = ask(model);
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
        found.push(result.kind === "broken" ? result.cause : result.kind);
      }
      return found;
    }

    it("finds a stall soon, and gives the same endpoint longer the next time", async () => {
      assert.deepEqual(await ends(59_000, 61_000, 119_000), ["answered", "stalled", "answered"]);
      assert.deepEqual(await ends(61_000, 121_000, 239_000), ["stalled", "stalled", "answered"]);
    });
  });
});
