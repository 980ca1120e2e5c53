import type { Outcome, Segment, StampedEvent } from "./agentEvent";
import type { Forecast } from "./forecast/forecast";
import type { RunStore } from "./history";
import type { ImportFind, ImportPlace, ImportReport, ImportRequest } from "./imports";
import type { Approver } from "./ports";
import type { PriceRow } from "./pricing";
import type { RecordedRun } from "./recordedRun";
import type { ApprovalMode, Caps, PolicySettings, WarnLevels } from "./runConfig";
import type { RunState } from "./runState";

/** How to reach a model. The key never enters an event, a log or the store. */
export interface Connection {
  readonly modelId: string;
  /** `null` = OpenAI's own. */
  readonly baseUrl: string | null;
  readonly apiKey: string | null;
  /** A price the user gave; `null` = look it up. */
  readonly price: PriceRow | null;
}

export interface StartRequest {
  readonly task: string;
  readonly project: { readonly name: string; readonly path: string };
  readonly connection: Connection;
  readonly policy: PolicySettings;
  readonly caps: Caps;
  readonly warn: WarnLevels;
  readonly approval: ApprovalMode;
  /** `null` = the default. */
  readonly requestedOutput: number | null;
}

/** A run that goes on: with a new message or without, under these caps in all (not in addition). */
export interface ResumeRequest {
  readonly runId: string;
  readonly message: string | null;
  readonly connection: Connection;
  readonly caps: Caps;
  /** Turns the user adds to the present limit; 0 = what is left. */
  readonly extraTurns: number;
  /** The same conversation or a fresh one; `null` = the cheaper, if a run that did not finish goes on without a word. */
  readonly segment: Segment | null;
  readonly approval: ApprovalMode;
}

/** A start that was refused before anything was sent, with what to do about it. */
export interface Refusal {
  readonly refused: "noPrice" | "badRequest" | "notFound" | "nothingLeft";
  readonly text: string;
}

export type RunListener = (event: StampedEvent, state: RunState) => void;

/** A run in progress. Listeners that throw do not break each other or the run. */
export interface RunHandle {
  readonly runId: string;
  readonly state: RunState;
  onEvent(listener: RunListener): () => void;
  /** Ends at once, settling what was sent: as stopped by the user, or as interrupted with its process. */
  stop(by?: "user" | "interrupt"): void;
  /** Ends in order: one last turn for the hand-off, after the present one. */
  land(): void;
  /** New caps in all, and turns added to the present limit. */
  extend(caps: Caps, extraTurns: number): void;
  readonly ended: Promise<Outcome>;
}

/** All that the editor and the command line need to run agents: the parts wired together. */
export interface Engine {
  readonly store: RunStore;
  priceOf(modelId: string, baseUrl: string | null): Promise<PriceRow | null>;
  /** The largest ratio of reported to counted input tokens seen of a model; `null` before the first observation. */
  inputFactor(modelId: string): Promise<number | null>;
  /** What a new run of this model is likely to take, by past runs of any project; `null` = too few of them. */
  forecastStart(modelId: string): Promise<Forecast | null>;
  /** A `listener` given here sees the very first event. */
  start(request: StartRequest, approver: Approver, listener?: RunListener): Promise<RunHandle | Refusal>;
  resume(request: ResumeRequest, approver: Approver, listener?: RunListener): Promise<RunHandle | Refusal>;
  /** Recorded runs of files of JSON lines, plain or gzipped. Rejects, naming file and line, on what is no run. */
  readRecorded(files: readonly string[]): Promise<readonly RecordedRun[]>;
  /** Sets the files of a run back to its best checkpoint, as far as they are as the run left them. */
  setBack(runId: string): Promise<SetBackResult | Refusal>;
  /** How much history of other agents there is at these places, or where they usually keep it. */
  findHistories(places: readonly ImportPlace[] | null, signal: AbortSignal): Promise<readonly ImportFind[]>;
  /** Reads histories of other agents into the store. Only ever done when the user asks for it. */
  importHistory(request: ImportRequest): Promise<ImportReport>;
  close(): Promise<void>;
}

export interface SetBackResult {
  readonly done: readonly string[];
  /** Left as they are, each with the reason. */
  readonly left: readonly { readonly path: string; readonly why: string }[];
}

export function isRefusal(result: object): result is Refusal {
  return "refused" in result;
}
