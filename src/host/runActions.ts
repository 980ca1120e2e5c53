import * as vscode from "vscode";
import type { Segment } from "../core/agentEvent";
import type { Connection, ResumeRequest } from "../core/engine";
import type { RunState } from "../core/runState";
import type { ComposerChoice, Extension, Hindrance } from "../protocol/sidebar";
import type { Approvals } from "./approvals";
import type { Choices } from "./choices";
import type { Facts } from "./facts";
import type { Log } from "./log";
import type { Memory } from "./memory";
import { isOpen } from "./obstacle";
import { offerFolder, openFolder, pickProject } from "./projects";
import { approvalOf, capsOf, extendedLimits, followUpLimits, type NewLimits, policyOf } from "./runRequest";
import type { Secrets } from "./secrets";
import type { Session } from "./session";
import { userPriceOf } from "./userPrice";

export interface ActionParts {
  readonly session: Session;
  readonly facts: Facts;
  readonly choices: Choices;
  readonly memory: Memory;
  readonly secrets: Secrets;
  readonly approvals: Approvals;
  readonly log: Log;
  /** What stands in the way of a message with the present choice, as the composer shows it. */
  readonly blocked: () => Hindrance | null;
  /** Of that, what stands in the way whatever the limits are. */
  readonly obstacle: () => Hindrance | null;
  readonly onChange: () => void;
  /** Settles once the last run is shown again, or will not be. */
  readonly restored: () => Promise<unknown>;
}

/** What the user can do with runs. Settings are read here, once per run: a run keeps those it began with. */
export class RunActions {
  #beginning = false;

  constructor(private readonly parts: ActionParts) {}

  /** A run is about to begin: what it needs is being looked up. */
  get beginning(): boolean {
    return this.#beginning;
  }

  /** Starts a new run; answers whether it began. What stands in the way is shown by the composer. */
  start(task: string, choice: ComposerChoice): Promise<boolean> {
    return this.#once(() => this.#start(task, choice));
  }

  /** Goes on with the run shown, with a message, under the limits of the choice. */
  async followUp(text: string, choice: ComposerChoice): Promise<boolean> {
    const { state } = this.parts.session;
    return state !== null && this.#once(() => this.#followUp(state, text, choice));
  }

  /** Goes on with the run shown, without a message; `segment` `null` = whichever way is cheaper. */
  async resume(segment: Segment | null = null): Promise<boolean> {
    const { session, choices } = this.parts;
    const { state } = session;
    return state !== null && this.#once(() => this.#followUp(state, null, choices.of(state), segment));
  }

  /** Raises the limits of the run shown; one that has ended goes on under them. */
  async extend(by: Extension, segment: Segment | null = null): Promise<boolean> {
    const { session, choices, approvals } = this.parts;
    const { state } = session;
    if (!state) return false;
    if (session.extend(by)) {
      // A run that waits at its limit takes its extension as the answer.
      if (by.turns) approvals.answerExtension("extend", by.turns);
      return true;
    }
    return this.#once(async () => {
      const choice = choices.of(state);
      await this.#ready(choice);
      return this.#goOn(state, { message: null, segment }, choice, extendedLimits(state, by));
    });
  }

  stop(): void {
    this.parts.session.stop();
  }

  land(): void {
    this.parts.session.land();
    this.parts.approvals.answerExtension("land");
  }

  async newTask(): Promise<void> {
    const { session, choices, memory } = this.parts;
    if (this.#beginning || session.busy) return;
    choices.settle();
    session.clear();
    await memory.keepShown(null);
  }

  /** Takes in a change of what is chosen, by its number. */
  async choose(change: Partial<ComposerChoice>, revision: number): Promise<void> {
    const { session, choices, facts } = this.parts;
    const { model } = await choices.change(change, revision, session.state);
    session.forgive();
    await facts.refresh(model);
  }

  /** Opens the folder of the run shown in a window of its own. */
  async openFolder(): Promise<void> {
    const { state } = this.parts.session;
    if (state) await openFolder(state.config.project);
  }

  /** Takes a run of the past into the sidebar, to go on with it. Its folder must be open here. */
  async takeUp(past: RunState): Promise<boolean> {
    const { session, facts, choices, memory } = this.parts;
    const { runId, project } = past.config;
    if (this.#beginning || session.busy) {
      const text = "A task is running in this window. Stop or land it first.";
      this.parts.log.track("showing a message", vscode.window.showInformationMessage(text));
      return false;
    }
    if (!isOpen(facts.known, project)) {
      await offerFolder(project);
      return false;
    }
    choices.settle();
    if (!(await session.open(runId))) return false;
    await memory.keepShown(runId);
    await facts.refresh(past.config.model.id);
    return true;
  }

  async #start(task: string, choice: ComposerChoice): Promise<boolean> {
    const { session, facts, choices, memory } = this.parts;
    session.clear();
    await choices.set(choice, null);
    await this.#ready(choice);
    if (this.parts.blocked() !== null) return false;
    const project = await pickProject();
    if (!project) return false;
    const { settings, trusted } = facts.known;
    const began = await session.start({
      task,
      project,
      connection: await this.#connection(choice.model),
      policy: policyOf(choice, settings, await facts.typical(choice.model, project.path)),
      caps: capsOf(choice),
      warn: settings.warnAt,
      approval: approvalOf(choice, trusted),
      requestedOutput: settings.maxOutputTokens,
    });
    if (began) await memory.keepShown(session.state?.config.runId ?? null);
    return began;
  }

  async #followUp(
    state: RunState,
    message: string | null,
    choice: ComposerChoice,
    segment: Segment | null = null,
  ): Promise<boolean> {
    await this.parts.choices.set(choice, state);
    await this.#ready(choice);
    return this.parts.blocked() === null && this.#goOn(state, { message, segment }, choice, followUpLimits(state, choice));
  }

  async #goOn(
    state: RunState,
    how: Pick<ResumeRequest, "message" | "segment">,
    choice: ComposerChoice,
    limits: NewLimits,
  ): Promise<boolean> {
    const { session, facts, choices } = this.parts;
    if (this.parts.obstacle() !== null) return false;
    const began = await session.resume({
      runId: state.config.runId,
      ...how,
      connection: await this.#connection(choice.model),
      ...limits,
      approval: approvalOf(choice, facts.known.trusted),
    });
    if (began) choices.settle();
    return began;
  }

  /** One beginning at a time, and none beside a run in progress. */
  async #once(begin: () => Promise<boolean>): Promise<boolean> {
    const { session, onChange } = this.parts;
    if (this.#beginning || session.busy || session.elsewhere) return false;
    this.#beginning = true;
    onChange();
    try {
      // Else what is restored might take the place of what begins.
      await this.parts.restored().catch(() => {});
      return await begin();
    } finally {
      this.#beginning = false;
      onChange();
    }
  }

  /** Forgets the last refusal and looks the world up, so that what is asked next is answered from the present. */
  async #ready({ model }: ComposerChoice): Promise<void> {
    this.parts.session.forgive();
    await this.parts.facts.refresh(model);
  }

  async #connection(modelId: string): Promise<Connection> {
    const { facts, secrets, log } = this.parts;
    const { endpoint, settings } = facts.known;
    const found = await secrets.find(endpoint);
    if (found) log.hide(found.key);
    return { modelId, baseUrl: endpoint, apiKey: found?.key ?? null, price: userPriceOf(settings.prices, modelId) };
  }
}
