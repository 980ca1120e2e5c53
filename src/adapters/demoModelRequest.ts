import * as v from "valibot";

const Part = v.object({ text: v.optional(v.string(), "") });
const Content = v.nullish(v.union([v.string(), v.array(Part)]));
const Call = v.object({ id: v.string(), function: v.object({ name: v.string(), arguments: v.string() }) });
const WireMessage = v.object({
  role: v.string(),
  content: Content,
  tool_calls: v.nullish(v.array(Call)),
  tool_call_id: v.nullish(v.string()),
});
const Limit = v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1)));

/** The parts of a Chat Completions request that the demo looks at. */
const WireRequest = v.object({
  model: v.optional(v.string(), ""),
  messages: v.pipe(v.array(WireMessage), v.minLength(1)),
  tools: v.nullish(v.array(v.looseObject({ function: v.looseObject({ name: v.string() }) }))),
  tool_choice: v.optional(v.unknown()),
  stream: v.nullish(v.boolean()),
  stream_options: v.nullish(v.object({ include_usage: v.nullish(v.boolean()) })),
  max_tokens: Limit,
  max_completion_tokens: Limit,
});

export interface DemoCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

export interface DemoMessage {
  readonly role: string;
  readonly text: string;
  readonly calls: readonly DemoCall[];
  /** Of a tool's result: the call it answers. */
  readonly callId: string | null;
}

export interface DemoRequest {
  readonly model: string;
  readonly messages: readonly DemoMessage[];
  readonly tools: readonly string[];
  /** The tools as they came, for counting. */
  readonly toolsText: string;
  readonly mayCall: boolean;
  readonly stream: boolean;
  readonly usageInStream: boolean;
  /** Most output tokens; infinite when none is said. */
  readonly maxOutput: number;
}

/** Reads the body of a request; a complaint when it is none. */
export function readDemoRequest(body: string): DemoRequest | { readonly complaint: string } {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), WireRequest), body);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return { complaint: `${v.getDotPath(issue) ?? "body"}: ${issue.message}` };
  }
  const wire = parsed.output;
  return {
    model: wire.model,
    messages: wire.messages.map((message) => ({
      role: message.role,
      text: textOf(message.content),
      calls: (message.tool_calls ?? []).map((call) => ({ id: call.id, ...call.function })),
      callId: message.tool_call_id ?? null,
    })),
    tools: (wire.tools ?? []).map((tool) => tool.function.name),
    toolsText: JSON.stringify(wire.tools ?? []),
    mayCall: wire.tool_choice !== "none",
    stream: wire.stream ?? false,
    usageInStream: wire.stream_options?.include_usage ?? false,
    maxOutput: Math.min(wire.max_tokens ?? Number.POSITIVE_INFINITY, wire.max_completion_tokens ?? Number.POSITIVE_INFINITY),
  };
}

function textOf(content: v.InferOutput<typeof Content>): string {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => part.text).join("");
}
