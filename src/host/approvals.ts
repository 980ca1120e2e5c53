import type { ApprovalRequest } from "../core/agentEvent";
import type { Approver, ExtensionAnswer } from "../core/ports";
import type { RunState } from "../core/runState";

type ApprovalAnswer = Awaited<ReturnType<Approver["approve"]>>;

/** What the user is being asked. One at a time: a run waits for its answer. */
export type Pending =
  | { readonly kind: "approval"; readonly request: ApprovalRequest }
  | { readonly kind: "extension"; readonly limit: number; readonly chunk: number };

/** Told to the model of a run that is resumed later: a stop is not a refusal. */
const STOPPED = "the run was stopped before anyone answered, so you may ask again";
const STOP: ExtensionAnswer = { kind: "stop" };

interface Open<A> {
  readonly pending: Pending;
  readonly answer: (answer: A) => void;
}

/** The run as views show it: events leave the texts of a proposed edit out, so they come from the open question itself. */
export function withProposal(state: RunState | null, pending: Pending | null): RunState | null {
  if (state?.question?.kind !== "approval" || pending?.kind !== "approval") return state;
  const { question } = state;
  if (question.request.callId !== pending.request.callId) return state;
  return { ...state, question: { ...question, request: pending.request } };
}

/**
 * The approver of runs in the editor. Questions are shown by the sidebar, which reads them from the run's state; this
 * holds the promise behind each and closes it when it is answered, when the run is stopped, or when the window goes.
 */
export class Approvals implements Approver {
  #approval: Open<ApprovalAnswer> | null = null;
  #extension: Open<ExtensionAnswer> | null = null;
  readonly #listeners = new Set<(pending: Pending | null) => void>();

  get pending(): Pending | null {
    return this.#approval?.pending ?? this.#extension?.pending ?? null;
  }

  /** Told of every question that opens, and of `null` when none is open any more. */
  onChange(listener: (pending: Pending | null) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  approve(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer> {
    this.#approval?.answer({ allowed: false });
    const onStop = { allowed: false, note: STOPPED };
    return this.#ask<ApprovalAnswer>({ kind: "approval", request }, signal, onStop, (open) => {
      this.#approval = open;
    });
  }

  extend({ limit, chunk }: { readonly limit: number; readonly chunk: number }, signal: AbortSignal): Promise<ExtensionAnswer> {
    this.#extension?.answer(STOP);
    return this.#ask<ExtensionAnswer>({ kind: "extension", limit, chunk }, signal, STOP, (open) => {
      this.#extension = open;
    });
  }

  /** `reason`: what the agent is told of a rejection. False when that question is not open (any more): an answer that comes late changes nothing. */
  answerApproval(callId: string, allowed: boolean, reason = ""): boolean {
    const open = this.#approval;
    if (open?.pending.kind !== "approval" || open.pending.request.callId !== callId) return false;
    const note = reason.trim();
    open.answer(note === "" ? { allowed } : { allowed, note });
    return true;
  }

  /** `turns`: how many more, where it is not what was proposed. */
  answerExtension(kind: ExtensionAnswer["kind"], turns?: number): boolean {
    const open = this.#extension;
    if (open?.pending.kind !== "extension") return false;
    open.answer(kind === "extend" ? { kind, turns: turns ?? open.pending.chunk } : { kind });
    return true;
  }

  dispose(): void {
    this.#approval?.answer({ allowed: false, note: STOPPED });
    this.#extension?.answer(STOP);
    this.#listeners.clear();
  }

  #ask<A>(pending: Pending, signal: AbortSignal, onStop: A, hold: (open: Open<A> | null) => void): Promise<A> {
    if (signal.aborted) return Promise.resolve(onStop);
    return new Promise((resolve) => {
      const stopped = () => answer(onStop);
      const answer = (given: A) => {
        signal.removeEventListener("abort", stopped);
        hold(null);
        resolve(given);
        this.#tell();
      };
      signal.addEventListener("abort", stopped, { once: true });
      hold({ pending, answer });
      this.#tell();
    });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.pending);
  }
}
