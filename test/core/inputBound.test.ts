import assert from "node:assert/strict";
import fc from "fast-check";
import { dialectFor } from "../../src/adapters/openaiDialect";
import { createSerialiser } from "../../src/adapters/openaiRequest";
import type { AgentEvent } from "../../src/core/agentEvent";
import { conversationOf } from "../../src/core/converse";
import { InputBound } from "../../src/core/inputBound";
import { config, echo, quarterCounter } from "../support/scriptedRun";

/** Every text of a request body, as a provider's template would show it to the model. */
function sentTexts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(sentTexts);
}

const toolCall = fc.record({
  id: fc.string({ minLength: 1 }),
  name: fc.constantFrom("echo", "functions.read file", ""),
  arguments: fc.oneof(fc.json(), fc.string({ unit: "binary" }), fc.constant('{"text":"<p class=\\"a\\">'.repeat(80))),
});
const answer = fc.record({ text: fc.string(), toolCalls: fc.array(toolCall, { maxLength: 3 }) });

describe("the input bound", () => {
  it("covers all that is sent of what a model said, arguments that were cut short included", async () => {
    const serialise = createSerialiser("gpt-test", "localhost");
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 4 }), async (answers) => {
        const started = { kind: "started", config: config(), system: "Be good.", tools: "[]" } as const;
        const said = answers.map((one, index): AgentEvent => ({ kind: "assistant", turn: index + 1, ...one }));
        const { messages } = conversationOf([started, ...said, { kind: "userMessage", text: "Go on." }]);
        const request = { messages, tools: [echo.spec], toolChoice: "auto", maxOutput: 100 } as const;
        const { body } = serialise(request, dialectFor("localhost", "gpt-test"));
        const sent: { messages: unknown; tools: unknown } = JSON.parse(Buffer.from(body).toString());
        const texts = sentTexts([sent.messages, sent.tools]);
        const tokens = texts.reduce((sum, text) => sum + text.length / 4, 0);
        const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
        const bound = new InputBound(quarterCounter, "gpt-test", null);
        assert.ok((await bound.exact(messages, [echo.spec])).tokens >= tokens);
        assert.ok(bound.quick(messages, [echo.spec]).tokens >= bytes);
      }),
    );
  });
});
