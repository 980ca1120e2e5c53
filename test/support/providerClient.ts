import assert from "node:assert/strict";
import { createOpenAiModel, type OpenAiModelOptions } from "../../src/adapters/openaiModel";
import type { Message } from "../../src/core/conversation";
import type { Model, ModelRequest, ModelResult, ToolSpec } from "../../src/core/ports";

export const READ_TOOL: ToolSpec = {
  name: "read",
  description: "Reads a file.",
  parameters: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
};

export function userTask(text = "Say hello."): Message[] {
  return [
    { role: "system", text: "You are a test." },
    { role: "user", text },
  ];
}

export function request(overrides: Partial<ModelRequest> = {}): ModelRequest {
  return { messages: userTask(), tools: [READ_TOOL], toolChoice: "auto", maxOutput: 1000, ...overrides };
}

/** Waits for tests in which a provider is to be found silent. */
export const IMPATIENT = { firstByteMs: 400, betweenChunksMs: 300, drainMs: 200 };

/** A model at `baseUrl` that waits long enough for a busy machine. */
export function modelAt(baseUrl: string, overrides: Partial<OpenAiModelOptions> = {}): Model {
  return createOpenAiModel({
    baseUrl,
    apiKey: "sk-test-0123456789abcdef",
    modelId: "scripted",
    reasoning: false,
    idleTimeouts: { firstByteMs: 5000, betweenChunksMs: 5000, drainMs: 200 },
    clock: { now: () => Date.now() },
    ...overrides,
  });
}

export interface Heard {
  readonly result: ModelResult;
  readonly text: string;
  readonly reasoning: string;
}

/** One call, with what it streamed. */
export async function ask(model: Model, asked: Partial<ModelRequest> = {}, signal?: AbortSignal): Promise<Heard> {
  const heard = { text: "", reasoning: "" };
  const onDelta = (channel: "text" | "reasoning", text: string) => {
    heard[channel] += text;
  };
  const result = await model.stream(request(asked), onDelta, signal ?? new AbortController().signal);
  return { result, ...heard };
}

export function answered(result: ModelResult): Extract<ModelResult, { kind: "answered" }> {
  if (result.kind !== "answered") throw new Error(`expected an answer, got ${JSON.stringify(result)}`);
  return result;
}

export function broken(result: ModelResult): Extract<ModelResult, { kind: "broken" }> {
  if (result.kind !== "broken") throw new Error(`expected a broken answer, got ${JSON.stringify(result)}`);
  return result;
}

export function refused(result: ModelResult): Extract<ModelResult, { kind: "refused" }> {
  if (result.kind !== "refused") throw new Error(`expected a refusal, got ${JSON.stringify(result)}`);
  return result;
}

/** Asserts that `actual` holds all of `expected`, and maybe more. */
export function holds(actual: unknown, expected: unknown, at = "value"): void {
  if (typeof expected !== "object" || expected === null) {
    assert.deepEqual(actual, expected, at);
    return;
  }
  assert.ok(typeof actual === "object" && actual !== null, `${at} is ${JSON.stringify(actual)}`);
  for (const [key, value] of Object.entries(expected)) holds(Reflect.get(actual, key), value, `${at}.${key}`);
}
