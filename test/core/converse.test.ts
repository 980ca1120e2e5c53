import assert from "node:assert/strict";
import { NO_CONVERSATION, type ToolCall } from "../../src/core/conversation";
import { conversationOf, converse } from "../../src/core/converse";
import { answered, call, runScript } from "../support/scriptedRun";

const every = { kind: "every" } as const;

describe("a conversation", () => {
  it("made from the events is message for message what was last sent, reminders, nudges and landing included", async () => {
    const run = await runScript(
      (request, index) => {
        if (request.toolChoice === "none") return answered({ text: "Changed: a" });
        if (index === 1) return answered();
        if (index === 2) return answered({ text: "half", finish: "length" });
        return answered({ toolCalls: [call("echo", { index }, `c${index}`), call("nope", {}, `d${index}`)] });
      },
      { config: { policy: { kind: "fixed", maxTurns: 6, cadence: every } } },
    );
    const sent = run.requests.at(-1)?.messages ?? [];
    assert.equal(run.requests.length, 6);
    assert.deepEqual(conversationOf(run.events).messages.slice(0, sent.length), sent);
  });

  it("keeps past calls in a form that every endpoint takes, the same each time", () => {
    const written: ToolCall[] = [
      { id: "a", name: "read", arguments: '{"path' },
      { id: "b", name: "functions.read file", arguments: "[1]" },
      { id: "c", name: "naïve 👍", arguments: "{}" },
      { id: "d", name: "", arguments: "" },
      { id: "e", name: "x".repeat(80), arguments: '{"n":1}' },
    ];
    const { messages } = converse(NO_CONVERSATION, { kind: "assistant", turn: 1, text: "", toolCalls: written });
    assert.ok(messages[0]?.role === "assistant");
    assert.deepEqual(
      messages[0].toolCalls.map((one) => [one.name, one.arguments]),
      [
        ["read", '{"not_valid_json":"{\\"path"}'],
        ["functions_read_file", '{"not_valid_json":"[1]"}'],
        ["na_ve___", "{}"],
        ["unknown", "{}"],
        ["x".repeat(64), '{"n":1}'],
      ],
    );
  });

  it("has a result for every call before anything else is said", () => {
    const toolCalls = [call("echo", {}, "a"), call("echo", {}, "b"), call("echo", {}, "c")];
    const spoken = converse(NO_CONVERSATION, { kind: "assistant", turn: 1, text: "", toolCalls });
    const half = converse(spoken, toolEnded("b"));
    const { messages } = converse(half, { kind: "turnStarted", turn: 2, purpose: "landing", tail: "land now", withheld: false });
    assert.deepEqual(
      messages.slice(1).map((message) => message.role === "tool" && [message.callId, message.text, message.tail]),
      [
        ["b", "fine", undefined],
        ["a", "[not run: the run ended first]", undefined],
        ["c", "[not run: the run ended first]", "land now"],
      ],
    );
  });
});

function toolEnded(callId: string) {
  const nothing = { resultTokens: null, truncated: false, ms: 1, exitCode: null, changes: [], check: null };
  return { kind: "toolEnded", turn: 1, callId, tool: "echo", subject: "", ok: true, text: "fine", ...nothing } as const;
}
