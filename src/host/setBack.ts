import * as vscode from "vscode";
import { bestCheckpoint, type Checkpoint } from "../core/checkpoint";
import { type Engine, isRefusal, type SetBackResult } from "../core/engine";
import type { RunState } from "../core/runState";
import { setBackAsked, setBackTold } from "../present/goingOn";
import type { Facts } from "./facts";
import type { Log } from "./log";
import { isOpen } from "./obstacle";
import { offerFolder } from "./projects";
import type { Session } from "./session";

export interface SetBackParts {
  readonly session: Pick<Session, "state" | "busy" | "elsewhere">;
  readonly facts: Pick<Facts, "known">;
  readonly engine: () => Promise<Pick<Engine, "setBack">>;
  readonly log: Log;
  readonly onChange: () => void;
}

/** Brings the best state of the run shown back, when the user says so, and remembers for which run that was done. */
export class SetBack {
  #done: RunState | null = null;

  constructor(private readonly parts: SetBackParts) {}

  /** Whether the files of this run, as it ended, are set back: there is nothing more to offer then. */
  isDone(state: RunState | null): boolean {
    return state !== null && state.config.runId === this.#done?.config.runId && state.lastAt === this.#done.lastAt;
  }

  /** Asks with all files named, and tells what was set back and what was not. */
  async ask(): Promise<void> {
    const { session, facts, engine, onChange } = this.parts;
    const { state } = session;
    const best = state && this.#mayBegin() && !this.isDone(state) ? bestCheckpoint(state) : null;
    if (!state || !best) return;
    if (!facts.known.trusted) return this.#say("This folder is not trusted: its files may be read only. Trust it first.");
    if (!isOpen(facts.known, state.config.project)) return offerFolder(state.config.project);
    if (!(await isConfirmed(best)) || !this.#mayBegin()) return;
    const result = await (await engine()).setBack(state.config.runId);
    if (isRefusal(result)) return this.#say(result.text);
    if (result.left.length === 0) this.#done = state;
    onChange();
    this.#tell(best, result);
  }

  /** A run in progress works on these files. */
  #mayBegin(): boolean {
    const { busy, elsewhere, state } = this.parts.session;
    return !busy && !elsewhere && state?.phase === "ended";
  }

  #tell(best: Checkpoint, result: SetBackResult): void {
    const text = setBackTold(best, result);
    if (result.left.length > 0) this.#say(text);
    else this.parts.log.track("showing a message", vscode.window.showInformationMessage(text));
  }

  #say(text: string): void {
    this.parts.log.track("showing a message", vscode.window.showWarningMessage(text));
  }
}

async function isConfirmed(best: Checkpoint): Promise<boolean> {
  const { message, detail, action } = setBackAsked(best);
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, action)) === action;
}
