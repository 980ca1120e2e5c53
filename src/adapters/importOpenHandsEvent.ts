import * as v from "valibot";
import type { TurnAction } from "../core/recordedRun";
import { actionOfCommand, actionOfTool, roughTokens } from "./importActions";
import { textOf } from "./importMini";
import { soft } from "./importRun";

/** An event of OpenHands, of the first form (`action`, `observation`) or the second (`kind`), as far as it matters here. */
export interface Event {
  readonly kind: string;
  /** Whether this kind is known here, be it of use or not. */
  readonly known: boolean;
  readonly source: string | null;
  readonly timestamp: string | null;
  readonly type: "call" | "answer" | "other";
  /** What an agent's action is for; `null` = words only. */
  readonly action: TurnAction | null;
  /** The provider's name of the answer it came in. */
  readonly response: string | null;
  readonly model: string | null;
  readonly usage: unknown;
  readonly metrics: unknown;
  readonly text: string;
  readonly failed: boolean;
  readonly resultTokens: number;
}

const Args = v.looseObject({ command: soft(v.string()), content: soft(v.string()) });
const ModelResponse = v.object({ id: soft(v.string()), model: soft(v.string()), usage: v.optional(v.unknown()) });
const Common = {
  source: soft(v.string()),
  timestamp: soft(v.string()),
  llm_metrics: v.optional(v.unknown()),
};
const Old = v.object({
  ...Common,
  action: soft(v.string()),
  observation: soft(v.string()),
  args: soft(Args),
  content: soft(v.string()),
  message: soft(v.string()),
  extras: soft(
    v.object({
      exit_code: soft(v.number()),
      metadata: soft(v.object({ exit_code: soft(v.number()) })),
      error: v.optional(v.unknown()),
    }),
  ),
  tool_call_metadata: soft(v.object({ model_response: soft(ModelResponse) })),
});
const New = v.object({
  ...Common,
  kind: v.string(),
  tool_name: soft(v.string()),
  llm_response_id: soft(v.string()),
  action: v.optional(v.unknown()),
  observation: v.optional(v.unknown()),
  llm_message: soft(v.object({ content: v.optional(v.unknown()) })),
});

export const OpenHandsEvent = v.union([v.pipe(New, v.transform(fromNew)), v.pipe(Old, v.transform(fromOld))]);

export function isCall(event: Event): boolean {
  return event.type === "call" && event.source === "agent";
}

export function isAnswer(event: Event): boolean {
  return event.type === "answer";
}

const NOTHING = {
  action: null,
  response: null,
  model: null,
  usage: null,
  metrics: null,
  text: "",
  failed: false,
  resultTokens: 0,
};

/** Actions that the program takes itself, without a model. */
const OWN_ACTIONS = new Set([
  "system",
  "recall",
  "change_agent_state",
  "null",
  "condensation",
  "condensation_request",
  "start",
  "pause",
]);

function fromOld(raw: v.InferOutput<typeof Old>): Event {
  const { source, timestamp, action, observation, llm_metrics: metrics } = raw;
  const base = { ...NOTHING, source, timestamp, metrics, known: true };
  if (observation !== null) {
    const { extras } = raw;
    const code = extras?.exit_code ?? extras?.metadata?.exit_code ?? 0;
    const text = raw.content ?? "";
    const isResult = observation !== "agent_state_changed" && observation !== "null" && observation !== "recall";
    const failed = observation === "error" || code > 0 || extras?.error === true;
    return { ...base, kind: observation, type: isResult ? "answer" : "other", failed, resultTokens: roughTokens(text.length) };
  }
  if (action === null) return { ...base, kind: "(no kind)", known: false, type: "other" };
  const text = raw.args?.content ?? raw.message ?? "";
  if (OWN_ACTIONS.has(action)) return { ...base, kind: action, type: "other" };
  const response = raw.tool_call_metadata?.model_response ?? null;
  const told = { response: response?.id ?? null, model: response?.model ?? null, usage: response?.usage };
  return { ...base, ...told, kind: action, type: "call", action: oldAction(action, raw.args?.command ?? null), text };
}

function oldAction(action: string, command: string | null): TurnAction | null {
  switch (action) {
    case "message":
      return null;
    case "run":
      return command === null ? "command" : actionOfCommand(command);
    case "run_ipython":
      return "command";
    case "edit":
      return command === "view" ? "read" : "edit";
    case "think":
    case "task_tracking":
      return "plan";
    case "finish":
    case "reject":
      return "finish";
    default:
      return actionOfTool(action, null);
  }
}

const NEW_ANSWERS = new Set(["ObservationEvent", "AgentErrorEvent", "UserRejectObservation"]);
const NEW_OTHERS = new Set(
  `SystemPromptEvent ConversationStateUpdateEvent PauseEvent Condensation CondensationRequest CondensationSummaryEvent
  ConversationErrorEvent TokenEvent LLMCompletionLogEvent HookExecutionEvent`.split(/\s+/),
);
const Result = v.looseObject({
  is_error: soft(v.boolean()),
  exit_code: soft(v.number()),
  content: v.optional(v.unknown()),
  output: v.optional(v.unknown()),
});

function fromNew(raw: v.InferOutput<typeof New>): Event {
  const { kind, source, timestamp, llm_metrics: metrics, llm_response_id: response } = raw;
  const base = { ...NOTHING, kind, source, timestamp, metrics, response, known: true };
  if (kind === "ActionEvent") return { ...base, type: "call", action: actionOfTool(raw.tool_name ?? "", raw.action) };
  if (kind === "MessageEvent") return { ...base, type: "call", text: textOf(raw.llm_message?.content) };
  if (NEW_ANSWERS.has(kind)) {
    const result = v.safeParse(Result, raw.observation);
    const told = result.success ? result.output : null;
    const text = textOf(told?.content) || textOf(told?.output);
    const failed = kind !== "ObservationEvent" || told?.is_error === true || (told?.exit_code ?? 0) > 0;
    return { ...base, type: "answer", failed, resultTokens: roughTokens(text.length) };
  }
  return { ...base, type: "other", known: NEW_OTHERS.has(kind) };
}
